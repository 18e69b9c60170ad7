// A clock whose sleepers wake only when a test moves it past their time; `advance` lets what they began run on until it waits again.
import { Cancelled } from '../../server/base/cancellation.ts';
import type { Clock } from '../../server/base/clock.ts';

export class WaitingClock implements Clock {
  private now = 1_700_000_000_000;
  private sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.now;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { atMs: this.now + durationMs, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.sleepers = this.sleepers.filter((each) => each !== sleeper);
        reject(new Cancelled());
      });
    });
  }

  async advance(durationMs: number): Promise<void> {
    const endMs = this.now + durationMs;
    for (;;) {
      const next = this.sleepers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.sleepers = this.sleepers.filter((each) => each !== next);
      this.now = Math.max(this.now, next.atMs);
      next.wake();
      await settled();
    }
    this.now = endMs;
    await settled();
  }
}

/** A turn of the event loop: every promise that could settle has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
