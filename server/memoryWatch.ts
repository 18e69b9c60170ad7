// Looks every second at what the learner's engine holds, and says once when that is more than the user allows. Between two looks it may be more.
import type { Clock } from './base/clock.ts';

export interface MemoryWatchParts {
  readonly clock: Clock;
  /** Null: not known now. */
  readonly bytesInUse: () => Promise<number | null>;
  readonly mostBytes: number;
  readonly onOver: (bytes: number) => void;
}

const lookEveryMs = 1_000;

export function watchMemory({ clock, bytesInUse, mostBytes, onOver }: MemoryWatchParts): { dispose(): void } {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const bytes = await bytesInUse();
      if (signal.aborted) return;
      if (bytes !== null && bytes > mostBytes) return onOver(bytes);
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
    }
  };
  void run();
  return { dispose: () => ending.abort() };
}
