// Reading repositories made with the real git.
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GitError } from '../../../server/git/errors.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

const made: TemporaryRepository[] = [];
function repository(options?: ConstructorParameters<typeof TemporaryRepository>[0]): TemporaryRepository {
  const fresh = new TemporaryRepository(options);
  made.push(fresh);
  return fresh;
}
afterEach(() => {
  for (const old of made.splice(0)) old.dispose();
});

describe('opening', () => {
  it('finds the repository around a folder inside it', async () => {
    const source = repository({ name: 'shop' });
    source.commit('first', { 'src/deep/a.ts': 'a\n' });
    const opened = await source.open(join(source.path, 'src/deep'));
    expect(opened.workTree).toBe(source.path);
    expect(opened.gitDir).toBe(join(source.path, '.git'));
    expect(opened.commonDir).toBe(opened.gitDir);
    expect(opened.name).toBe('shop');
  });

  it('opens a folder whose name has a space, a quote and a line break', async () => {
    const source = repository({ name: 'my "odd"\nproject' });
    source.commit('first', { 'a.ts': 'a\n' });
    expect((await source.open()).workTree).toBe(source.path);
  });

  it.each([['a folder without one', (root: string) => root], ['a folder that is not there', (root: string) => `${root}/nowhere`]])(
    'refuses %s as notARepository',
    async (_, pathOf) => {
      const source = repository({ init: false });
      const failure = await source.open(pathOf(source.path)).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(GitError);
      expect(failure).toMatchObject({ code: 'notARepository' });
    },
  );

  it('shares one common directory between worktrees and keeps their HEADs apart', async () => {
    const source = repository();
    source.commit('first', { 'a.ts': 'a\n' });
    source.git('worktree', 'add', '--quiet', '-b', 'side', join(source.root, 'second'));
    const second = await source.open(join(source.root, 'second'));
    expect(second.commonDir).toBe(join(source.path, '.git'));
    expect(second.gitDir).not.toBe(second.commonDir);
    expect(await second.state()).toMatchObject({ kind: 'onBranch', branch: 'side' });
    expect(await (await source.open()).state()).toMatchObject({ kind: 'onBranch', branch: 'main' });
  });
});

describe('state', () => {
  it('of an empty repository is noCommits, and nothing else throws there', async () => {
    const opened = await repository().open();
    expect(await opened.state()).toEqual({ kind: 'noCommits', branch: 'main' });
    expect(await opened.branches()).toEqual([]);
    expect(await opened.commit('HEAD')).toBeNull();
  });

  it('names the branch and its head', async () => {
    const source = repository();
    source.commit('first', { 'a.ts': 'a\n' });
    source.git('switch', '--quiet', '-c', 'feature/ünï');
    const head = source.commit('second', { 'a.ts': 'b\n' });
    expect(await (await source.open()).state()).toEqual({ kind: 'onBranch', branch: 'feature/ünï', head });
  });

  it('is detached when HEAD names a commit', async () => {
    const source = repository();
    const head = source.commit('first', { 'a.ts': 'a\n' });
    source.git('checkout', '--quiet', '--detach');
    expect(await (await source.open()).state()).toEqual({ kind: 'detached', head });
  });

  const conflicting = (source: TemporaryRepository): void => {
    source.commit('base', { 'a.ts': 'base\n' });
    source.git('switch', '--quiet', '-c', 'side');
    source.commit('side', { 'a.ts': 'side\n' });
    source.git('switch', '--quiet', 'main');
    source.commit('main', { 'a.ts': 'main\n' });
  };

  it.each([
    ['rebase', ['rebase', 'side']],
    ['merge', ['merge', 'side']],
    ['cherryPick', ['cherry-pick', 'side']],
    ['revert', ['revert', '--no-edit', 'HEAD~1']],
    ['bisect', ['bisect', 'start', 'HEAD', 'HEAD~1']],
  ] as const)('is busy during a %s', async (operation, args) => {
    const source = repository();
    conflicting(source);
    try {
      source.git(...args);
    } catch {
      // The conflict is the point.
    }
    expect(await (await source.open()).state()).toEqual({ kind: 'busy', operation });
  });
});

describe('log', () => {
  it('gives commits newest first, with all fields as written', async () => {
    const source = repository();
    const first = source.commit('first', { 'a.ts': 'a\n' });
    const second = source.commit('naïve | "quoted" \t subject', { 'a.ts': 'b\n' }, 'Zoë Ωmega <zoe@example.com>');
    const [newest, oldest] = await (await source.open()).log({ to: 'HEAD' });
    expect(newest).toMatchObject({ id: second, parents: [first], authorName: 'Zoë Ωmega', authorEmail: 'zoe@example.com', subject: 'naïve | "quoted" \t subject' });
    expect(newest?.timeSeconds).toBeGreaterThan(oldest?.timeSeconds ?? Infinity);
    expect(oldest).toMatchObject({ id: first, parents: [], tree: source.git('rev-parse', `${first}^{tree}`) });
  });

  it('counts a merge as one commit when it follows first parents', async () => {
    const source = repository();
    const base = source.commit('base', { 'a.ts': 'a\n' });
    source.git('switch', '--quiet', '-c', 'side');
    source.commit('side 1', { 'b.ts': 'b\n' });
    source.commit('side 2', { 'b.ts': 'c\n' });
    source.git('switch', '--quiet', 'main');
    source.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'side');
    const opened = await source.open();
    expect((await opened.log({ to: 'HEAD', except: [base], firstParent: true })).map(({ subject }) => subject)).toEqual(['merge']);
    expect(await opened.log({ to: 'HEAD', except: [base] })).toHaveLength(3);
    const merge = await opened.commit('HEAD');
    expect(merge && (await opened.diffOf(merge)).map(({ path }) => path)).toEqual(['b.ts']);
  });

  it('takes no revision that looks like an option', async () => {
    const source = repository();
    source.commit('first', { 'a.ts': 'a\n' });
    const opened = await source.open();
    expect(await opened.commit('--output=/tmp/x')).toBeNull();
    await expect(opened.log({ to: '--output=evil' })).rejects.toBeInstanceOf(GitError);
    expect(existsSync(join(source.path, '.git/evil'))).toBe(false);
  });
});

describe('rangeSince', () => {
  it('runs from the commit after the last learnt one to the head, oldest first', async () => {
    const source = repository();
    const learnt = source.commit('1', { 'a.ts': '1\n' });
    const second = source.commit('2', { 'a.ts': '2\n' });
    const head = source.commit('3', { 'a.ts': '3\n' });
    const opened = await source.open();
    expect(await opened.rangeSince(head, head)).toEqual({ kind: 'upToDate' });
    const range = await opened.rangeSince(learnt, head);
    expect(range).toMatchObject({ kind: 'forward', base: learnt, truncated: false, commits: [{ id: second }, { id: head }] });
  });

  it('takes the newest commits on first use and says that older ones are missing', async () => {
    const source = repository();
    source.commit('1', { 'a.ts': '1\n' });
    const second = source.commit('2', { 'a.ts': '2\n' });
    const third = source.commit('3', { 'a.ts': '3\n' });
    const head = source.commit('4', { 'a.ts': '4\n' });
    const opened = await source.open();
    expect(await opened.rangeSince(null, head, { limit: 2 })).toMatchObject({ base: second, truncated: true, commits: [{ id: third }, { id: head }] });
    expect(await opened.rangeSince(null, head)).toMatchObject({ kind: 'forward', base: null, truncated: false, commits: { length: 4 } });
  });

  it('knows rebased commits again by their patch', async () => {
    const source = repository();
    source.commit('base', { 'a.ts': 'a\n' });
    source.git('switch', '--quiet', '-c', 'feature');
    const kept = source.commit('kept', { 'b.ts': 'b\n' });
    const learnt = source.commit('reworded and altered', { 'c.ts': 'c\n' });
    source.git('switch', '--quiet', 'main');
    const upstream = source.commit('upstream', { 'd.ts': 'd\n' });
    source.git('switch', '--quiet', 'feature');
    source.git('rebase', '--quiet', 'main');
    const rebasedKept = source.git('rev-parse', 'HEAD~1');
    source.write('c.ts', 'another c\n');
    source.git('commit', '--quiet', '--all', '--amend', '-m', 'altered');
    const head = source.git('rev-parse', 'HEAD');
    const range = await (await source.open()).rangeSince(learnt, head);
    expect(range).toMatchObject({
      kind: 'rewritten',
      base: source.git('merge-base', learnt, head),
      matched: [{ before: kept, after: rebasedKept }],
      commits: [{ id: upstream }, { id: head }],
    });
  });

  it('after a reset backwards has nothing to learn and says that history was rewritten', async () => {
    const source = repository();
    const first = source.commit('1', { 'a.ts': '1\n' });
    const learnt = source.commit('2', { 'a.ts': '2\n' });
    source.git('reset', '--quiet', '--hard', first);
    expect(await (await source.open()).rangeSince(learnt, first)).toEqual({ kind: 'rewritten', base: first, commits: [], matched: [], truncated: false });
  });

  it('starts anew when the last learnt commit no longer exists', async () => {
    const source = repository();
    const head = source.commit('1', { 'a.ts': '1\n' });
    const range = await (await source.open()).rangeSince('0123456789012345678901234567890123456789', head);
    expect(range).toMatchObject({ kind: 'rewritten', base: null, matched: [], commits: [{ id: head }] });
  });

  it('does not take the edge of a shallow clone for a commit that added everything', async () => {
    const source = repository();
    source.commit('1', { 'a.ts': '1\n' });
    const edge = source.commit('2', { 'a.ts': '2\n' });
    const head = source.commit('3', { 'a.ts': '3\n' });
    source.gitIn(source.root, 'clone', '--quiet', '--depth=2', `file://${source.path}`, 'shallow');
    const shallow = await source.open(join(source.root, 'shallow'));
    expect(await shallow.isShallow()).toBe(true);
    expect(await shallow.rangeSince(null, head)).toMatchObject({ base: edge, truncated: true, commits: [{ id: head }] });
  });
});

describe('branches and ancestry', () => {
  it('lists branches with their heads and finds merge bases', async () => {
    const source = repository();
    const base = source.commit('base', { 'a.ts': 'a\n' });
    source.git('switch', '--quiet', '-c', 'side/one');
    const side = source.commit('side', { 'b.ts': 'b\n' });
    source.git('switch', '--quiet', 'main');
    const main = source.commit('main', { 'c.ts': 'c\n' });
    const opened = await source.open();
    expect(await opened.branches()).toEqual([
      { name: 'main', head: main },
      { name: 'side/one', head: side },
    ]);
    expect(await opened.mergeBase(main, side)).toBe(base);
    expect(await opened.isAncestor({ ancestor: base, descendant: side })).toBe(true);
    expect(await opened.isAncestor({ ancestor: main, descendant: side })).toBe(false);
  });

  it('tells a branch that was made again from the one before it', async () => {
    const source = repository();
    const base = source.commit('base', { 'a.ts': 'a\n' });
    source.git('branch', 'side');
    const opened = await source.open();
    const before = await opened.branchCreation('side');
    source.git('branch', '-D', 'side');
    expect(await opened.branchCreation('side')).toBeNull();
    const head = source.commit('more', { 'a.ts': 'b\n' });
    source.git('branch', 'side');
    const after = await opened.branchCreation('side');
    expect(before).toMatchObject({ commit: base });
    expect(after).toMatchObject({ commit: head });
    expect(after?.timeSeconds).toBeGreaterThan(before?.timeSeconds ?? Infinity);
    expect(await opened.branchCreation('../../HEAD')).toBeNull();
  });

  it('finds no merge base of unrelated histories', async () => {
    const source = repository();
    const main = source.commit('main', { 'a.ts': 'a\n' });
    source.git('switch', '--quiet', '--orphan', 'other');
    const other = source.commit('other', { 'b.ts': 'b\n' });
    expect(await (await source.open()).mergeBase(main, other)).toBeNull();
  });
});

describe('diff and blobs', () => {
  it('tells added, modified, deleted, renamed and odd names apart', async () => {
    const source = repository();
    const body = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');
    const before = source.commit('before', { 'keep.ts': 'a\n', 'gone.ts': 'gone\n', 'old name.ts': body });
    const after = source.commit('after', {
      'keep.ts': 'b\n',
      'gone.ts': null,
      'old name.ts': null,
      'new\nname "quoted" ünï.ts': `${body}more\n`,
      'tab\there.ts': 'fresh\n',
    });
    const opened = await source.open();
    const diffs = await opened.diff(before, after);
    expect(diffs.map(({ status, path, oldPath }) => [status, oldPath, path])).toEqual([
      ['deleted', 'gone.ts', 'gone.ts'],
      ['modified', 'keep.ts', 'keep.ts'],
      ['renamed', 'old name.ts', 'new\nname "quoted" ünï.ts'],
      ['added', 'tab\there.ts', 'tab\there.ts'],
    ]);
    const { versions, unreadable } = await opened.readVersions(diffs);
    expect(unreadable).toEqual([]);
    expect(versions.map(({ before: old, after: now }) => [old?.length ?? null, now?.length ?? null])).toEqual([
      [5, null],
      [2, 2],
      [body.length, body.length + 5],
      [null, 6],
    ]);
  });

  it('compares the first commit with the empty tree', async () => {
    const source = repository();
    source.commit('first', { 'a.ts': 'a\n' });
    const opened = await source.open();
    const first = await opened.commit('HEAD');
    expect(first && (await opened.diffOf(first))).toMatchObject([{ status: 'added', path: 'a.ts', beforeBlob: null }]);
  });

  it('leaves submodules out and gives links no blob', async () => {
    const library = repository({ name: 'library' });
    library.commit('library', { 'lib.ts': 'x\n' });
    const source = repository();
    const before = source.commit('before', { 'a.ts': 'a\n' });
    source.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'vendor/library');
    symlinkSync('a.ts', join(source.path, 'link.ts'));
    const after = source.commit('after');
    const opened = await source.open();
    expect((await opened.diff(before, after)).map(({ path, afterBlob }) => [path, afterBlob === null])).toEqual([
      ['.gitmodules', false],
      ['link.ts', true],
    ]);
    expect((await opened.readTree(after)).map(({ path, mode }) => [path, mode])).toEqual([
      ['.gitmodules', '100644'],
      ['a.ts', '100644'],
      ['link.ts', '120000'],
    ]);
    expect((await opened.readVersions(await opened.diff(before, after))).unreadable).toEqual([{ path: 'link.ts', reason: 'link' }]);
  });

  it('never reads a blob over the limit, and marks binaries and text that is not UTF-8', async () => {
    const source = repository();
    const head = source.commit('mixed', {
      'huge.ts': new Uint8Array(100 * 1024 * 1024).fill(0x61),
      'image.ts': new Uint8Array([0x89, 0x50, 0x00, 0x01]),
      'latin.ts': new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
      'plain.ts': 'café\n',
    });
    const opened = await source.open();
    const before = process.memoryUsage.rss();
    const files = await opened.readFiles(head, ['huge.ts', 'image.ts', 'latin.ts', 'plain.ts', 'absent.ts']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024);
    expect(Object.fromEntries(files)).toEqual({
      'huge.ts': { kind: 'tooLarge', sizeBytes: 104_857_600 },
      'image.ts': { kind: 'binary', sizeBytes: 4 },
      'latin.ts': { kind: 'text', text: 'caf\uFFFD', sizeBytes: 4, lossy: true },
      'plain.ts': { kind: 'text', text: 'café\n', sizeBytes: 6, lossy: false },
    });
    const unreadable = (await opened.readVersions(await opened.diff(null, head))).unreadable;
    expect(unreadable).toEqual([
      { path: 'huge.ts', reason: 'tooLarge' },
      { path: 'image.ts', reason: 'binary' },
      { path: 'latin.ts', reason: 'invalidText' },
    ]);
    expect((await opened.patchIds([head])).get(head)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('answers for ids that are no blobs and for many blobs at once', async () => {
    const source = repository();
    const names = Array.from({ length: 300 }, (_, i) => `f${i}.ts`);
    const head = source.commit('many', Object.fromEntries(names.map((name) => [name, `${name}\n`.repeat(50)])));
    const opened = await source.open();
    const entries = await opened.readTree(head);
    const blobs = await opened.readBlobs([...entries.map(({ blob }) => blob), head, '0'.repeat(40)]);
    expect(entries.every(({ path, blob }) => {
      const content = blobs.get(blob);
      return content?.kind === 'text' && content.text.startsWith(`${path}\n`);
    })).toBe(true);
    expect(blobs.get(head)).toEqual({ kind: 'missing' });
    expect(blobs.get('0'.repeat(40))).toEqual({ kind: 'missing' });
  });
});

describe('materialise', () => {
  it('writes files, modes, links and odd names, and no git directory', async () => {
    const source = repository();
    source.write('run.sh', '#!/bin/sh\n');
    source.git('add', 'run.sh');
    source.git('update-index', '--chmod=+x', 'run.sh');
    source.git('config', 'core.fileMode', 'false');
    symlinkSync('src/a b.ts', join(source.path, 'link'));
    const old = source.commit('first', { 'src/a b.ts': 'old\n', 'new\nline.ts': 'x\n' });
    source.commit('second', { 'src/a b.ts': 'new\n' });
    const folder = join(source.root, 'tree');
    mkdirSync(folder);
    await (await source.open()).materialise(old, folder);
    expect(readdirSync(folder).sort()).toEqual(['link', 'new\nline.ts', 'run.sh', 'src']);
    expect(readFileSync(join(folder, 'src/a b.ts'), 'utf8')).toBe('old\n');
    expect(readlinkSync(join(folder, 'link'))).toBe('src/a b.ts');
    expect(lstatSync(join(folder, 'run.sh')).mode & 0o111).not.toBe(0);
    expect(readdirSync(join(source.root, 'temporary'))).toEqual([]);
    expect(source.git('status', '--porcelain')).toBe('');
  });

  it.each(['.git', '.GIT', 'git~1'])('refuses a tree that holds %s', async (name) => {
    const source = repository();
    source.commit('first', { 'config.ts': 'a\n' });
    const inner = source.gitWith(`100644 blob ${source.git('rev-parse', 'HEAD:config.ts')}\tconfig\n`, 'mktree');
    const tree = source.gitWith(`040000 tree ${inner}\t${name}\n`, 'mktree');
    const evil = source.git('commit-tree', tree, '-m', 'evil');
    const folder = join(source.root, 'tree');
    mkdirSync(folder);
    await expect((await source.open()).materialise(evil, folder)).rejects.toMatchObject({ code: 'gitFailed' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says when there is no such commit', async () => {
    const source = repository();
    await expect((await source.open()).materialise('nowhere', source.path)).rejects.toMatchObject({ code: 'unknownRevision' });
  });
});
