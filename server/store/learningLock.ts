// One learner at a time over the whole repository: a cycle lasts seconds to minutes, so the second one is told, not queued.
import type { HeldLock } from '../base/fileLock.ts';
import { StoreError } from './errors.ts';
import { writing, type StoreAccess } from './storeAccess.ts';

/** Longer than a killed learner's lock takes to go stale, so that learning works at once after a crash. */
export const learningWaitMs = 12_000;

export async function lockLearning(access: StoreAccess, options: { readonly waitMs?: number; readonly signal?: AbortSignal } = {}): Promise<HeldLock> {
  await writing('the state folder', () => access.files.makeFolder(access.layout.root));
  const held = await access.lock.acquire(access.layout.learningLock, {
    waitMs: options.waitMs ?? learningWaitMs,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!held) throw new StoreError('busy', 'Another process is learning from this repository. Wait until it has finished, or stop it, and try again.');
  return held;
}
