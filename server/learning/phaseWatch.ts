// Seconds per phase of a cycle, for the manifest and `npm run bench -- cycle`; also where progress and cancellation are looked after.
import { throwIfCancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { CycleOptions, CyclePhase } from './collaborators.ts';

export class PhaseWatch {
  private readonly spentMs = new Map<string, number>();
  private readonly startMs: number;
  /** Time of phases within the running one, which is not its own. */
  private nestedMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: CycleOptions,
  ) {
    this.startMs = clock.monotonicMs();
  }

  get signal(): AbortSignal | undefined {
    return this.options.signal;
  }

  async run<T>(phase: CyclePhase['phase'], work: (report: (share: number) => void) => Promise<T>): Promise<T> {
    throwIfCancelled(this.options.signal);
    this.options.onProgress?.({ phase });
    const startMs = this.clock.monotonicMs();
    const outerNestedMs = this.nestedMs;
    this.nestedMs = 0;
    try {
      return await work((share) => this.options.onProgress?.({ phase, share }));
    } finally {
      const elapsedMs = this.clock.monotonicMs() - startMs;
      this.spentMs.set(phase, (this.spentMs.get(phase) ?? 0) + elapsedMs - this.nestedMs);
      this.nestedMs = outerNestedMs + elapsedMs;
    }
  }

  /** Per phase, and `total`. */
  seconds(): Record<string, number> {
    const entries = [...this.spentMs].map(([phase, ms]) => [phase, ms / 1000] as const);
    return { ...Object.fromEntries(entries), total: (this.clock.monotonicMs() - this.startMs) / 1000 };
  }
}
