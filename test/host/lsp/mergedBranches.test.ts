// Which versions a merge brings along: offered while the branch that was merged into has not had them.
import { afterEach, expect, it } from 'vitest';
import type { RepositoryHost } from '../../../server/lsp/repositories/repositoryHost.ts';
import { mergedBranches } from '../../../server/lsp/requests/mergedBranches.ts';
import { activate } from '../../../server/lsp/requests/activate.ts';
import { lineOf, readBranch } from '../../../server/store/branchFile.ts';
import { createBranch } from '../../../server/store/movePointer.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, modelHash, promote } from '../../support/sampleVersion.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

const source = new TemporaryRepository();
afterEach(() => source.dispose());

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
