// The sleep cycle: what waits until the machine is idle. The branch's adapter is derived again, ReST-EM trains the editor policy, garbage is collected.
import { collectGarbage, type Garbage } from '../store/collectGarbage.ts';
import { lockLearning } from '../store/learningLock.ts';
import type { CycleOptions } from './collaborators.ts';
import { learning } from './constants.ts';
import type { Learner } from './learn.ts';
import { rederive, type Rederived } from './rederive.ts';
import { trainEditorPolicy, type PolicyOutcome } from './restEm.ts';

export interface SleepOutcome {
  readonly rederived: Rederived;
  readonly policy: PolicyOutcome;
  readonly garbage: Garbage;
}

export interface SleepRequest {
  readonly branch: string;
  readonly seed: number;
  readonly waitMs?: number;
}

export async function sleepCycle(learner: Learner, { branch, seed, waitMs }: SleepRequest, options: CycleOptions = {}): Promise<SleepOutcome> {
  const { store, repository } = learner;
  const held = await lockLearning(store, { ...(waitMs === undefined ? {} : { waitMs }), ...(options.signal ? { signal: options.signal } : {}) });
  const { lost } = held;
  try {
    await store.files.remove(store.layout.scratch);
    const rederived = await rederive(learner, { branch, seed, lost }, options);
    const policy = await trainEditorPolicy(learner, { seed, lost }, options);
    const branches = (await repository.branches()).map(({ name }) => name);
    const garbage = await collectGarbage(store, { branches, keepWeights: learning.keepWeights, keepRejected: learning.keepRejected, keepUnnamedMs: learning.keepUnnamedMs });
    return { rederived, policy, garbage };
  } finally {
    await held.release();
  }
}
