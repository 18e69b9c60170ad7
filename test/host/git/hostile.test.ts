// A repository that tries to run code through everything git's configuration can name. Each trap writes a marker; none may appear.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../server/git/repository.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

const hooks = ['post-checkout', 'post-index-change', 'pre-commit', 'post-merge', 'reference-transaction', 'fsmonitor-watchman'];

describe('a hostile repository', () => {
  const source = new TemporaryRepository();
  const markers = join(source.root, 'markers');
  let opened: Repository;
  let first: string;
  let second: string;

  /** A program that leaves a marker with its name and passes its input on. */
  const trap = (name: string): string => {
    const path = join(source.root, `${name}.sh`);
    writeFileSync(path, `#!/bin/sh\necho ran > '${markers}/${name}'\ncat 2>/dev/null\n`);
    chmodSync(path, 0o755);
    return path;
  };

  beforeAll(async () => {
    mkdirSync(markers);
    first = source.commit('first', { 'a.ts': 'one\n', 'b.evil': 'evil one\n' });
    second = source.commit('second', { 'a.ts': 'two\n', 'b.evil': 'evil two\n', '.gitattributes': '* filter=evil diff=evil merge=evil\n' });
    for (const hook of hooks) {
      const path = join(source.path, '.git/hooks', hook);
      mkdirSync(join(source.path, '.git/hooks'), { recursive: true });
      writeFileSync(path, readFileSync(trap(`hook-${hook}`)));
      chmodSync(path, 0o755);
    }
    writeFileSync(join(source.path, '.git/info/attributes'), '* filter=evil diff=evil\n');
    const config: Readonly<Record<string, string>> = {
      'core.hooksPath': join(source.path, '.git/hooks'),
      'core.fsmonitor': trap('fsmonitor'),
      'core.pager': trap('pager'),
      'core.sshCommand': trap('ssh'),
      'core.askPass': trap('askpass'),
      'core.editor': trap('editor'),
      'pager.log': trap('pager-log'),
      'diff.external': trap('external-diff'),
      'diff.evil.command': trap('driver-command'),
      'diff.evil.textconv': trap('textconv'),
      'merge.evil.driver': trap('merge-driver'),
      'filter.evil.smudge': trap('smudge'),
      'filter.evil.clean': trap('clean'),
      'filter.evil.process': trap('process'),
      'filter.evil.required': 'true',
      'gpg.program': trap('gpg'),
      'log.showSignature': 'true',
      'credential.helper': `!${trap('credential')}`,
      'remote.origin.url': `ext::${trap('remote')}`,
      'remote.origin.promisor': 'true',
      'remote.origin.partialclonefilter': 'blob:none',
      'remote.origin.uploadpack': trap('uploadpack'),
      'protocol.ext.allow': 'always',
      'extensions.partialClone': 'origin',
      'alias.log': `!${trap('alias')}`,
    };
    source.git('config', 'core.repositoryFormatVersion', '1');
    for (const [key, value] of Object.entries(config)) source.git('config', key, value);
    opened = await source.open();
  });
  afterAll(() => source.dispose());

  it('really is a trap: plain git springs it', () => {
    // The long-running filter breaks every command, so it steps aside while the others are tried.
    const processFilter = source.git('config', 'filter.evil.process');
    source.git('config', '--unset', 'filter.evil.process');
    const touched = ['checkout', '--force', first, '--', 'a.ts'];
    for (const args of [['diff', first, second], ['diff', '--no-ext-diff', first, second], ['status'], touched]) {
      try {
        source.git(...args);
      } catch {
        // Some traps break the command that springs them.
      }
    }
    source.git('config', 'filter.evil.process', processFilter);
    expect(readdirSync(markers)).toEqual(expect.arrayContaining(['driver-command', 'fsmonitor', 'smudge', 'textconv']));
  });

  it('is not asked by a program of its own that is called git', async () => {
    for (const marker of readdirSync(markers)) rmSync(join(markers, marker));
    for (const folder of ['.', '.git']) writeFileSync(join(source.path, folder, 'git'), readFileSync(trap('own-git')), { mode: 0o755 });
    const own = await source.open(source.path, `.:${process.env['PATH']}::`);
    expect(await own.state()).toMatchObject({ kind: 'onBranch', head: second });
    expect(readdirSync(markers)).toEqual([]);
  });

  it('runs none of its programs, whatever is asked', async () => {
    for (const marker of readdirSync(markers)) rmSync(join(markers, marker));
    // A lazy fetch is only tried for what is missing.
    const lost = source.git('rev-parse', `${first}:b.evil`);
    rmSync(join(source.path, '.git/objects', lost.slice(0, 2), lost.slice(2)));

    expect(await opened.state()).toMatchObject({ kind: 'onBranch', head: second });
    expect(await opened.branches()).toHaveLength(1);
    expect(await opened.log({ to: 'HEAD' })).toHaveLength(2);
    expect(await opened.rangeSince(first, second)).toMatchObject({ kind: 'forward' });
    expect(await opened.mergeBase(first, second)).toBe(first);
    const diffs = await opened.diff(first, second);
    expect(diffs.map(({ path }) => path)).toEqual(['.gitattributes', 'a.ts', 'b.evil']);
    const { versions, unreadable } = await opened.readVersions(diffs);
    expect(versions.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['.gitattributes', null, '* filter=evil diff=evil merge=evil\n'],
      ['a.ts', 'one\n', 'two\n'],
    ]);
    expect(unreadable).toEqual([{ path: 'b.evil', reason: 'missing' }]);
    await opened.readTree(second);
    await opened.patchIds([second]).catch(() => undefined);
    const folder = join(source.root, 'tree');
    mkdirSync(folder);
    await opened.materialise(second, folder);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('two\n');
    expect(existsSync(join(folder, '.git'))).toBe(false);
    mkdirSync(join(source.root, 'incomplete'));
    await expect(opened.materialise(first, join(source.root, 'incomplete'))).rejects.toMatchObject({ code: 'objectMissing' });

    expect(readdirSync(markers)).toEqual([]);
  });
});
