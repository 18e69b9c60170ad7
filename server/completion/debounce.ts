// How long to wait for the next key before asking the model. Figures of the field: 100 to 400 ms from the user's own rhythm, less what an
// answer takes; nothing when asked by hand or at the start of a line, where people stop to think.

export interface Typing {
  /** Time between keys, newest last, at most `rememberedGaps` of them. */
  readonly gapsMs: readonly number[];
  /** Grows with rejections, shrinks with acceptances. */
  readonly reluctance: number;
}

export const unknownTyping: Typing = { gapsMs: [], reluctance: 1 };

const rememberedGaps = 50;
const fewestGaps = 20;
/** A longer gap is a pause, not the rhythm. */
const pauseMs = 1500;
const least = 100;
const most = 400;

export function withGap(typing: Typing, gapMs: number): Typing {
  return gapMs > pauseMs ? typing : { ...typing, gapsMs: [...typing.gapsMs, gapMs].slice(-rememberedGaps) };
}

/** Backs off by half per rejection and comes back by a fifth per acceptance; between once and four times. */
export function withVerdict(typing: Typing, verdict: 'accepted' | 'rejected'): Typing {
  return { ...typing, reluctance: Math.min(4, Math.max(1, typing.reluctance * (verdict === 'accepted' ? 0.8 : 1.5))) };
}

export interface DebounceRequest {
  readonly trigger: 'automatic' | 'invoked';
  readonly atLineStart: boolean;
  /** The user's own figure; null adapts. */
  readonly fixedMs: number | null;
  readonly meanLatencyMs: number;
}

export function debounceMs({ gapsMs, reluctance }: Typing, { trigger, atLineStart, fixedMs, meanLatencyMs }: DebounceRequest): number {
  if (trigger === 'invoked') return 0;
  if (fixedMs !== null) return fixedMs;
  if (atLineStart) return 0;
  if (gapsMs.length < fewestGaps) return Math.max(0, least * reluctance - meanLatencyMs);
  const median = [...gapsMs].sort((a, b) => a - b)[gapsMs.length >> 1] ?? least;
  return Math.max(0, Math.min(most, Math.max(least, median * reluctance)) - meanLatencyMs);
}
