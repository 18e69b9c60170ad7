// How this user types and how long answers take: what the wait before a request is made from.
import type { Clock } from '../base/clock.ts';
import type { CompletionRequest } from './completionRequest.ts';
import { debounceMs, unknownTyping, withGap, withVerdict, type Typing } from './debounce.ts';

export class TypingPace {
  meanLatencyMs = 60;
  private typing: Typing = unknownTyping;
  private lastEditMs: number | null = null;

  constructor(private readonly clock: Clock) {}

  edited(): void {
    const atMs = this.clock.monotonicMs();
    if (this.lastEditMs !== null) this.typing = withGap(this.typing, atMs - this.lastEditMs);
    this.lastEditMs = atMs;
  }

  judged(verdict: 'accepted' | 'rejected'): void {
    this.typing = withVerdict(this.typing, verdict);
  }

  answered(startedMs: number): void {
    this.meanLatencyMs += 0.1 * (this.clock.monotonicMs() - startedMs - this.meanLatencyMs);
  }

  waitMs(trigger: CompletionRequest['trigger'], prefix: string, fixedMs: number | null): number {
    const atLineStart = isAtLineStart(prefix);
    return debounceMs(this.typing, { trigger, atLineStart, fixedMs, meanLatencyMs: this.meanLatencyMs });
  }
}

export function isAtLineStart(prefix: string): boolean {
  return /(^|\n)[ \t]*$/.test(prefix);
}
