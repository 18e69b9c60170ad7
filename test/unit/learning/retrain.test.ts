// What retraining refuses, and that a refusal stores nothing: struck pairs and edited answers hold for the whole repository.
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../server/git/commit.ts';
import type { Learner } from '../../../server/learning/learn.ts';
import { changesWait, retrain, whyNotRetrained } from '../../../server/learning/retrain.ts';
import { readEdited } from '../../../server/store/editedPairs.ts';
import type { StoreAccess } from '../../../server/store/storeAccess.ts';
import { readStruck, strikePairs } from '../../../server/store/struckPairs.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, modelHash, promoteChain } from '../../support/sampleVersion.ts';

/** What a refusal needs: it comes before the model is asked anything. */
function learnerOf(store: StoreAccess, commits: readonly string[]): Learner {
  const repository = { commit: async (id: string): Promise<Pick<Commit, 'id' | 'parents'> | undefined> => (commits.includes(id) ? { id, parents: [] } : undefined) };
  return { store, repository, model: { info: { hash: modelHash } } } as unknown as Learner;
}

const all = ['c1', 'c2', 'c3'];

async function checkRefused(version: (ids: readonly string[]) => string, commits: readonly string[], code: string): Promise<void> {
  const files = new MemoryFiles();
  const store = memoryStore(files);
  const ids = await promoteChain(store, files, all);
  const changes = { strike: ['pair-weights-main-c1', 'pair-weights-main-c3'], restore: ['other'], edits: [{ pair: 'pair-weights-main-c3', answer: 'mine' }] };
  await expect(retrain(learnerOf(store, commits), { version: version(ids), seed: 1, ...changes })).rejects.toMatchObject({ code });
  expect([[...(await readStruck(store))], [...(await readEdited(store))]]).toEqual([[], []]);
}

describe('retraining stores nothing', () => {
  it('of a version that its branch has moved on from', () => checkRefused(([first]) => first ?? '', all, 'noVersion'));
  it('of a version whose commits are gone', () => checkRefused(([, , third]) => third ?? '', ['c1'], 'unknownCommit'));
  it('where what is struck is no pair of the version, and nothing else was changed', async () => {
    const files = new MemoryFiles();
    const store = memoryStore(files);
    const [only = ''] = await promoteChain(store, files, ['c1']);
    await expect(retrain(learnerOf(store, ['c1']), { version: only, seed: 1, strike: ['unknown'] })).rejects.toMatchObject({ code: 'nothingStruck' });
    expect([...(await readStruck(store))]).toEqual([]);
  });
});

describe('whether a version is retrained', () => {
  const manifest = { id: 'v2', branch: 'main', parent: 'v1' };
  it.each([
    ['it serves', 'v2', null],
    ['its parent serves', 'v1', null],
    ['another serves', 'v3', 'Branch "main" has moved on from version v2. Roll back to it, then retrain.'],
    ['the base model serves', null, 'Branch "main" has moved on from version v2. Roll back to it, then retrain.'],
  ])('where %s', (_, active, why) => expect(whyNotRetrained(manifest, active)).toBe(why));
  it('without further changes asks whether a pair of it was struck since', async () => {
    const store = memoryStore();
    expect(await changesWait(store, [{ id: 'a' }])).toBe(false);
    await strikePairs(store, { strike: ['a'] });
    expect([await changesWait(store, [{ id: 'a' }]), await changesWait(store, [{ id: 'b' }])]).toEqual([true, false]);
  });
});
