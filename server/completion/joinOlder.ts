// Whether a request waits for the one that runs already: where the user has only typed on, its answer may well agree with the typing, and is
// nearer than a new one. The engine gives no text before the end, so this is what reusing a stream comes to.

export interface OlderRequest {
  readonly group: string;
  readonly prefix: string;
  readonly elapsedMs: number;
}

const longestWaitMs = 200;
const mostTyped = 8;

/** Milliseconds to wait; 0: take its place at once. */
export function waitForOlderMs(older: OlderRequest, { group, prefix }: { readonly group: string; readonly prefix: string }, meanLatencyMs: number): number {
  const typed = prefix.length - older.prefix.length;
  if (older.group !== group || typed < 0 || typed > mostTyped || !prefix.startsWith(older.prefix) || prefix.slice(older.prefix.length).includes('\n')) return 0;
  // The same place again is the same question.
  if (typed === 0) return longestWaitMs;
  const leftMs = meanLatencyMs * 1.2 - older.elapsedMs;
  return older.elapsedMs >= meanLatencyMs / 2 ? Math.min(longestWaitMs, Math.max(0, leftMs)) : 0;
}
