// A branch's history as the view shows it, from records of the store.
import { describe, expect, it } from 'vitest';
import { branchTrees, type TreeSource } from '../../../server/lsp/repositories/branchTree.ts';
import type { BranchRecord, Move } from '../../../server/store/branchRecord.ts';
import type { Manifest } from '../../../server/store/version.ts';
import { modelHash, otherModelHash, sampleManifest } from '../../support/sampleVersion.ts';

function manifest(id: string, more: Partial<Manifest> = {}): Manifest {
  return { ...sampleManifest({ weights: id, commit: `${id}-commit` }), format: 1, id, createdMs: 0, files: {}, ...more };
}

const move = (kind: Move['kind'], more: Partial<Move>): Move => ({ kind, atMs: 1, from: null, to: null, head: null, ...more });

function record(branch: string, history: readonly Move[], active: string | null): BranchRecord {
  return { format: 1, branch, creation: { commit: null, timeSeconds: null }, lines: { [modelHash]: { active, parent: null, learntUpTo: null, history } } };
}

function trees(more: Partial<TreeSource>) {
  return branchTrees({
    branches: [{ name: 'feature', head: 'f' }, { name: 'main', head: 'm' }],
    checkedOut: 'main',
    records: [],
    modelHash,
    manifests: new Map(),
    subjects: new Map(),
    waiting: [],
    ...more,
  });
}

/** `version outcome reason` per entry, newest first; the active one with a star. */
function checkEntries(history: readonly Move[], manifests: readonly Manifest[], active: string | null, expected: readonly string[]): void {
  const [tree] = trees({ records: [record('main', history, active)], manifests: new Map(manifests.map((each) => [each.id, each])) });
  expect(tree?.entries.map(({ version, outcome, reason, active: serves }) => `${serves ? '*' : ''}${version ?? '-'} ${outcome} ${reason}`)).toEqual(expected);
}

describe('the tree of versions', () => {
  it('begins with the branch that is checked out, and leaves out those without a record', () => {
    expect(trees({}).map(({ name }) => name)).toEqual(['main']);
    expect(trees({ checkedOut: 'feature', records: [record('main', [], null), record('deleted', [], null)] }).map(({ name }) => name)).toEqual(['feature', 'main']);
    expect(trees({ checkedOut: null, records: [record('main', [], null)] }).map(({ name, checkedOut }) => [name, checkedOut])).toEqual([['main', false]]);
  });

  it('tells what each cycle came to', () => {
    checkEntries(
      [
        move('create', {}),
        move('promote', { to: 'a', head: '1', commits: ['1'] }),
        move('reject', { from: 'a', to: 'a', about: 'b', head: '2', commits: ['2'], reason: 'testsFell' }),
        move('reject', { from: 'a', to: 'a', head: '2', commits: ['3'], reason: 'tooFewProbes' }),
        move('skip', { from: 'a', to: 'a', head: '4', commits: ['4'], reason: 'alreadyKnown' }),
        move('skip', { from: 'a', to: 'a', head: '5', commits: ['5'], reason: 'allLeftOut' }),
      ],
      [manifest('a'), manifest('b', { verdict: { kind: 'rejected', reason: 'testsFell', explanation: '2 of 9 fewer' } })],
      'a',
      ['- skipped allLeftOut', '- alreadyKnown alreadyKnown', '- inconclusive tooFewProbes', 'b rejected testsFell', '*a promoted wake'],
    );
  });

  it('shows a version once: where it was made, or where it first came to serve', () => {
    checkEntries(
      [
        move('create', { to: 'old' }),
        move('promote', { from: 'old', to: 'a', commits: ['1'], head: '1' }),
        move('rollBack', { from: 'a', to: 'old' }),
        move('keep', { from: 'old', to: 'other' }),
        move('reset', { from: 'other', to: null }),
      ],
      [manifest('old'), manifest('a'), manifest('other')],
      null,
      ['- moved reset', 'other moved keep', '- moved rollBack', 'a promoted wake', 'old moved create'],
    );
  });

  it('offers no switch to a version whose weights or folder are gone', () => {
    const history = [move('promote', { to: 'a', commits: ['1'], head: '1' }), move('promote', { from: 'a', to: 'b', commits: ['2'], head: '2' })];
    const [tree] = trees({ records: [record('main', history, 'b')], manifests: new Map([['a', manifest('a', { thinned: true })]]) });
    expect(tree?.entries).toMatchObject([
      { version: null, switchable: false, explanation: 'its version is no longer there' },
      { version: 'a', switchable: false },
    ]);
  });

  it('names the commits that wait, and shows nothing of another model', () => {
    const [tree] = trees({ waiting: ['w'], subjects: new Map([['w', 'Add stamps']]), records: [record('main', [move('promote', { to: 'a', commits: ['1'] })], 'a')], modelHash: otherModelHash });
    expect(tree).toMatchObject({ active: null, entries: [{ outcome: 'waiting', commits: [{ id: 'w', subject: 'Add stamps' }] }] });
  });
});
