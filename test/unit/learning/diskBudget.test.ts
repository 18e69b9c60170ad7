// The disk that versions may take: weights far back go first, those that serve never.
import { describe, expect, it } from 'vitest';
import { keepWithinDisk } from '../../../server/learning/diskBudget.ts';
import { listManifests } from '../../../server/store/listManifests.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, promote } from '../../support/sampleVersion.ts';

/** A sample version spells its weights three times: in the adapter, a pair and a probe. Only the first can be dropped. */
const weightsBytes = 100_000;
const repository = { branches: async () => [{ name: 'main', head: 'h' }] };

/** `count` versions in a row on main; which of them still have their weights after keeping within `budgetBytes`. */
async function kept(count: number, budgetBytes: number): Promise<{ weights: boolean[]; full: boolean }> {
  const clock = new ManualClock();
  const files = new MemoryFiles(() => clock.nowMs());
  const store = memoryStore(files, clock);
  let parent: string | null = null;
  for (let index = 0; index < count; index++) {
    clock.advance(1_000);
    const recorded = await promote(store, files, { commit: `c${index}`, weights: String(index).padEnd(weightsBytes, '.'), parent });
    parent = recorded.promoted?.id ?? null;
  }
  const { full } = await keepWithinDisk({ store, repository }, budgetBytes);
  return { weights: (await listManifests(store)).map(({ thinned }) => thinned !== true), full };
}

describe('the disk budget', () => {
  it('touches nothing while there is room', async () => {
    expect(await kept(4, 13 * weightsBytes)).toEqual({ weights: [true, true, true, true], full: false });
  });

  it('drops the oldest weights until the rest fits', async () => {
    const { weights, full } = await kept(6, 15.5 * weightsBytes);
    expect({ full, dropped: weights.slice(0, 3), serves: weights.at(-1) }).toEqual({ full: false, dropped: [false, false, false], serves: true });
  });

  it('says so where even the version that serves is too large', async () => {
    expect(await kept(3, 0.5 * weightsBytes)).toEqual({ weights: [false, false, true], full: true });
  });
});
