// A clock that a test moves. Sleeping moves it, so nothing waits.
import { throwIfCancelled } from '../../server/base/cancellation.ts';
import type { Clock } from '../../server/base/clock.ts';

export class ManualClock implements Clock {
  constructor(private now = 1_700_000_000_000) {}

  nowMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.now;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    this.now += durationMs;
  }

  advance(durationMs: number): void {
    this.now += durationMs;
  }
}
