// Time as a capability, so that tests never wait. The real one lives in `host`.

export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** A monotonic reading in milliseconds, for durations. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, or rejects with `Cancelled` when the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
