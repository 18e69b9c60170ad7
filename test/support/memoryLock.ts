// Locks among users of one object: what two processes are to the real one.
import type { FileLock, HeldLock } from '../../server/base/fileLock.ts';

export class MemoryLock implements FileLock {
  private readonly held = new Set<string>();

  async acquire(path: string, options: { readonly waitMs: number }): Promise<HeldLock | undefined> {
    // Waiting is a few turns of the event loop: long enough for a holder that is about to release.
    for (let turn = 0; this.held.has(path); turn++) {
      if (options.waitMs === 0 || turn > 50) return undefined;
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.held.add(path);
    return { lost: new AbortController().signal, release: async () => void this.held.delete(path) };
  }
}
