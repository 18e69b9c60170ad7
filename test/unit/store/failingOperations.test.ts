// The promise of the store: whichever file operation fails, and however, the reopened store holds the old or the new version whole.
import { describe, expect, it } from 'vitest';
import type { Files } from '../../../server/base/files.ts';
import { activeVersion } from '../../../server/store/activeVersion.ts';
import { collectGarbage } from '../../../server/store/collectGarbage.ts';
import { forget } from '../../../server/store/forget.ts';
import { activate, reset } from '../../../server/store/movePointer.ts';
import { recordCycle } from '../../../server/store/recordCycle.ts';
import type { StoreAccess } from '../../../server/store/storeAccess.ts';
import { checkVersion, readVersion } from '../../../server/store/versionFolder.ts';
import { FailingFiles, type Failure } from '../../support/failingFiles.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { cycleOf, memoryStore, modelHash, promote, promoteChain, sampleVersion } from '../../support/sampleVersion.ts';

const branch = 'main';

interface Scenario {
  readonly title: string;
  /** First pair of the versions that may serve afterwards; three versions of c1 to c3 were there. */
  readonly allowed: readonly string[];
  readonly move: (store: StoreAccess, chain: readonly string[], engineFiles: Files) => Promise<unknown>;
  readonly minimumOperations: number;
}

const pairOf = (commit: string): string => `pair-weights-main-${commit}`;

const scenarios: readonly Scenario[] = [
  {
    title: 'promoting a version beside a rejected one',
    allowed: [pairOf('c3'), 'pair-new'],
    minimumOperations: 20,
    move: async (store, chain, engineFiles) => {
      const parent = chain[2] ?? null;
      const version = await sampleVersion(engineFiles, { commit: 'c4', weights: 'new', parent });
      const rejected = await sampleVersion(engineFiles, { commit: 'c4', weights: 'worse', parent, verdict: { kind: 'rejected', reason: 'noGain', explanation: '' } });
      await recordCycle(store, { ...cycleOf({ commit: 'c4', active: parent }), outcome: { kind: 'promoted', version, rejected } });
    },
  },
  {
    title: 'rolling back',
    allowed: [pairOf('c3'), pairOf('c1')],
    minimumOperations: 3,
    move: (store, chain) => activate(store, { branch, modelHash, version: chain[0] ?? '', kind: 'rollBack' }),
  },
  { title: 'resetting to the parent', allowed: [pairOf('c3'), pairOf('c2')], minimumOperations: 3, move: (store) => reset(store, { branch, modelHash, to: 'parent' }) },
  { title: 'forgetting the second commit', allowed: [pairOf('c3'), pairOf('c1')], minimumOperations: 20, move: (store) => forget(store, { commits: ['c2'] }) },
  {
    title: 'collecting garbage',
    allowed: [pairOf('c3')],
    minimumOperations: 6,
    move: (store) => collectGarbage(store, { branches: [branch], keepWeights: 0, keepRejected: 0, keepUnnamedMs: 0 }),
  },
];

describe.each(scenarios)('a failure while $title', (scenario) => {
  it.each<Failure>(['ENOSPC', 'EIO', 'dies'])('leaves the old or the new state whole: %s', async (failure) => {
    let failed = 0;
    for (let failAt = 0; ; failAt++) {
      const disk = new MemoryFiles();
      const chain = await promoteChain(memoryStore(disk), disk, ['c1', 'c2', 'c3']);
      const failing = new FailingFiles(disk, { failAt, failure });
      let threw = false;
      let message = '';
      try {
        await scenario.move(memoryStore(failing), chain, disk);
      } catch (error) {
        threw = true;
        message = String(error);
      }
      if (threw && failure === 'ENOSPC') expect(message, `operation ${failAt}`).toContain('What was there before still stands. The disk is full: free some space and try again.');
      if (failing.operations <= failAt) {
        expect(threw).toBe(false);
        break;
      }
      failed++;

      const reopened = memoryStore(disk);
      const after = await activeVersion(reopened, { branch, modelHash });
      expect(after.notices, `operation ${failAt}`).toEqual([]);
      const manifest = after.manifest;
      if (!manifest) throw new Error(`operation ${failAt}: the base model serves`);
      expect((await checkVersion(reopened, after.folder ?? '')).kind).toBe('whole');
      const { pairs } = await readVersion(reopened, manifest.id);
      expect(scenario.allowed, `operation ${failAt}`).toContain(pairs[0]?.id);
      if (!threw) expect(pairs[0]?.id).toBe(scenario.allowed.at(-1));
      // The next move works on what is left.
      const next = await promote(reopened, disk, { commit: 'c9', weights: 'next', parent: after.line.active });
      expect((await activeVersion(reopened, { branch, modelHash })).manifest?.id).toBe(next.promoted?.id);
      await collectGarbage(reopened, { branches: [branch], keepWeights: 9, keepRejected: 9, keepUnnamedMs: -1 });
      expect((await disk.list('/repo/.git/graft/versions')).filter((name) => name.startsWith('staged'))).toEqual([]);
    }
    expect(failed).toBeGreaterThanOrEqual(scenario.minimumOperations);
  });
});
