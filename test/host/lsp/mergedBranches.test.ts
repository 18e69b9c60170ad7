// Which versions a merge brings along: offered while the branch that was merged into has not had them.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RepositoryHost } from '../../../server/lsp/repositories/repositoryHost.ts';
import { mergedBranches } from '../../../server/lsp/requests/mergedBranches.ts';
import { activate } from '../../../server/lsp/requests/activate.ts';
import { lineOf, readBranch } from '../../../server/store/branchFile.ts';
import { createBranch } from '../../../server/store/movePointer.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, modelHash, promote } from '../../support/sampleVersion.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

let source: TemporaryRepository;
beforeEach(() => {
  source = new TemporaryRepository();
});
afterEach(() => source.dispose());

/** Branches that each have learnt a version at their head, and what is offered to the one that is checked out. */
function learning() {
  const files = new MemoryFiles();
  const store = memoryStore(files);
  const learn = async (branch: string): Promise<void> => {
    const commit = source.git('rev-parse', branch);
    await promote(store, files, { weights: `${branch}-${commit}`, commit, branch });
  };
  const offered = async (): Promise<string[]> => (await mergedBranches({ opened: { repository: await source.open(), store } }, modelHash)).map(({ branch }) => branch);
  return { learn, offered };
}

it('does not offer the branch that this one was made from, nor what had been merged there before', async () => {
  const { learn, offered } = learning();
  source.commit('First', { 'a.txt': 'a' });
  source.git('switch', '--quiet', '--create', 'older');
  source.commit('Older', { 'b.txt': 'b' });
  source.git('switch', '--quiet', 'main');
  source.git('merge', '--quiet', '--no-ff', '--no-edit', 'older');
  source.git('switch', '--quiet', '--create', 'feature');
  source.commit('Own', { 'c.txt': 'c' });
  await learn('main');
  await learn('older');
  expect(await offered()).toEqual([]);
  source.git('switch', '--quiet', 'main');
  expect(await offered()).toEqual(['older']);
});

it('offers the branch that this one was made from where it was merged in later', async () => {
  const { learn, offered } = learning();
  source.commit('First', { 'a.txt': 'a' });
  source.git('switch', '--quiet', '--create', 'feature');
  source.commit('Own', { 'b.txt': 'b' });
  source.git('switch', '--quiet', 'main');
  source.commit('Second', { 'c.txt': 'c' });
  await learn('main');
  source.git('switch', '--quiet', 'feature');
  expect(await offered()).toEqual([]);
  source.git('merge', '--quiet', '--no-edit', 'main');
  expect(await offered()).toEqual(['main']);
});

it('does not take a rebase for a merge', async () => {
  const { learn, offered } = learning();
  source.commit('First', { 'a.txt': 'a' });
  source.git('switch', '--quiet', '--create', 'feature');
  source.commit('Own', { 'b.txt': 'b' });
  source.git('switch', '--quiet', '--create', 'other', 'main');
  source.commit('Other', { 'd.txt': 'd' });
  source.git('switch', '--quiet', 'main');
  source.commit('Second', { 'c.txt': 'c' });
  source.git('merge', '--quiet', '--no-edit', 'other');
  await learn('main');
  await learn('other');
  expect(await offered()).toEqual(['other']);
  source.git('switch', '--quiet', 'feature');
  source.git('rebase', '--quiet', 'main');
  expect(await offered()).toEqual([]);
});

it('offers what a fast-forward brought', async () => {
  const { learn, offered } = learning();
  source.commit('First', { 'a.txt': 'a' });
  source.git('switch', '--quiet', '--create', 'feature');
  source.commit('Own', { 'b.txt': 'b' });
  await learn('feature');
  await learn('main');
  source.git('switch', '--quiet', 'main');
  source.git('merge', '--quiet', '--ff-only', 'feature');
  expect(await offered()).toEqual(['feature']);
  // And not the other way round: the older branch got it from here.
  source.git('switch', '--quiet', 'feature');
  expect(await offered()).toEqual([]);
});

it('knows a merge where the reflog has forgotten when the branch was made', async () => {
  const { learn, offered } = learning();
  source.commit('First', { 'a.txt': 'a' });
  source.git('switch', '--quiet', '--create', 'feature');
  source.commit('Own', { 'b.txt': 'b' });
  await learn('feature');
  source.git('switch', '--quiet', 'main');
  source.commit('Second', { 'c.txt': 'c' });
  source.git('merge', '--quiet', '--no-edit', 'feature');
  source.git('reflog', 'expire', '--expire=all', '--all');
  expect(await offered()).toEqual(['feature']);
});

it('offers the version of a merged branch until it was taken', async () => {
  const files = new MemoryFiles();
  const store = memoryStore(files);
  const first = source.commit('First', { 'a.txt': 'a' });
  const learnt = (await promote(store, files, { weights: 'first', commit: first })).promoted?.id ?? '';
  source.git('switch', '--quiet', '--create', 'feature');
  await createBranch(store, { branch: 'feature', modelHash, creation: { commit: 'c0', timeSeconds: 100 }, from: { version: learnt, learntUpTo: first } });
  const second = source.commit('Second', { 'b.txt': 'b' });
  const ahead = (await promote(store, files, { weights: 'second', commit: second, branch: 'feature', parent: learnt })).promoted?.id ?? '';
  const offered = async () => mergedBranches({ opened: { repository: await source.open(), store } }, modelHash);

  // Its own branch, and one that has not been merged yet.
  expect(await offered()).toEqual([]);
  source.git('switch', '--quiet', 'main');
  expect(await offered()).toEqual([]);

  source.commit('Third', { 'c.txt': 'c' });
  source.git('merge', '--quiet', '--no-edit', 'feature');
  expect(await offered()).toEqual([{ branch: 'feature', version: ahead, learntUpTo: second }]);

  const repository = await source.open();
  await activate({ opened: { repository, store } as RepositoryHost['opened'], serve: async () => {} }, { branch: 'main', version: ahead, why: 'keep', modelHash });
  expect(await offered()).toEqual([]);
  // What is left to learn: the commit of main that the version of the other branch has not seen.
  const line = lineOf(await readBranch(store, 'main'), modelHash);
  expect(line).toMatchObject({ active: ahead, learntUpTo: second });
  const state = await repository.state();
  const waiting = await repository.rangeSince(line.learntUpTo, state.kind === 'onBranch' ? state.head : '', { limit: 10 });
  const subjects = 'commits' in waiting ? waiting.commits.map(({ subject }) => subject) : [];
  expect(subjects).toContain('Third');
  expect(subjects).not.toContain('Second');
});
