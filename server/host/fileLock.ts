// Locks between processes (proper-lockfile: a folder made atomically, whose modification time is a heartbeat).
// A killed holder's lock is taken over once its heartbeat is `staleMs` old; nothing needs to be removed by hand.
import { lock } from 'proper-lockfile';
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { FileLock, HeldLock } from '../base/fileLock.ts';

const staleMs = 10_000;
const updateMs = 2_500;
const pollMs = 100;

export class HostFileLock implements FileLock {
  constructor(private readonly clock: Clock) {}

  async acquire(path: string, options: { readonly waitMs: number; readonly signal?: AbortSignal }): Promise<HeldLock | undefined> {
    const startMs = this.clock.monotonicMs();
    for (;;) {
      if (options.signal?.aborted) throw new Cancelled();
      const held = await tryLock(path);
      if (held) return held;
      if (this.clock.monotonicMs() - startMs >= options.waitMs) return undefined;
      await this.clock.sleep(pollMs, options.signal);
    }
  }
}

async function tryLock(path: string): Promise<HeldLock | undefined> {
  const lost = new AbortController();
  try {
    const release = await lock(path, {
      realpath: false,
      stale: staleMs,
      update: updateMs,
      onCompromised: (cause) => lost.abort(cause),
    });
    return {
      lost: lost.signal,
      release: async () => {
        // A lock that was lost is another's: releasing it would throw, and there is nothing to do.
        if (!lost.signal.aborted) await release().catch(() => undefined);
      },
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined;
    throw error;
  }
}
