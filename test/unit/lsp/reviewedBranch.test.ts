// Which branch a review is about: the one that was chosen, else the one that is checked out where the version is in its line, else where it was learnt.
import { describe, expect, it } from 'vitest';
import { reviewedBranch } from '../../../server/lsp/repositories/reviewedBranch.ts';
import { createBranch } from '../../../server/store/movePointer.ts';
import { readVersion } from '../../../server/store/versionFolder.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, modelHash, promote, promoteChain } from '../../support/sampleVersion.ts';

/** main has learnt c1, c2, c3; feature started from c2's version and learnt f1; other started from the base model. */
async function stored() {
  const files = new MemoryFiles();
  const store = memoryStore(files);
  const [first = '', second = '', third = ''] = await promoteChain(store, files, ['c1', 'c2', 'c3']);
  const creation = { commit: 'c0', timeSeconds: 100 };
  await createBranch(store, { branch: 'feature', modelHash, creation, from: { version: second, learntUpTo: 'c2' } });
  const ahead = (await promote(store, files, { weights: 'ahead', commit: 'f1', branch: 'feature', parent: second })).promoted?.id ?? '';
  await createBranch(store, { branch: 'other', modelHash, creation, from: null });
  return { store, versions: { first, second, third, ahead } };
}

describe('the branch of a review', () => {
  it.each<['first' | 'second' | 'third' | 'ahead', string | undefined, string | null, string, string]>([
    ['second', 'main', 'feature', 'main', 'the row says so'],
    ['second', undefined, 'feature', 'feature', 'feature started from it'],
    ['first', undefined, 'feature', 'feature', 'what feature serves grew from it'],
    ['third', undefined, 'feature', 'main', 'feature never had it'],
    ['second', undefined, 'other', 'main', 'the branch that is checked out never had it'],
    ['ahead', undefined, 'main', 'feature', 'it was learnt there'],
    ['second', undefined, null, 'main', 'no branch is checked out'],
    ['second', undefined, 'new', 'main', 'nothing was learnt on the branch that is checked out'],
  ])('of the version %s, asked for %s on %s, is %s: %s', async (name, asked, checkedOut, expected) => {
    const { store, versions } = await stored();
    const { manifest } = await readVersion(store, versions[name]);
    expect(await reviewedBranch(store, manifest, { asked, checkedOut })).toBe(expected);
  });
});
