// Runs the feedback's state machine against the clock: it wakes when something is due and not otherwise.
import type { Clock } from '../base/clock.ts';
import { decideFeedback, nextFeedbackMs, nothingShown, type FeedbackEvent } from './feedback.ts';
import type { FeedbackRecord, Surprise } from './feedbackRecord.ts';

export interface FollowerParts {
  readonly clock: Clock;
  readonly textOf: (uri: string) => string | undefined;
  readonly onRecord: (record: FeedbackRecord) => void;
  readonly onSurprise: (surprise: Surprise) => void;
}

export class FeedbackFollower {
  private state = nothingShown;
  private sleeping: { readonly untilMs: number; readonly controller: AbortController } | null = null;

  constructor(private readonly parts: FollowerParts) {}

  handle(event: FeedbackEvent): void {
    const { state, records, surprises } = decideFeedback(this.state, event);
    this.state = state;
    for (const record of records) this.parts.onRecord(record);
    for (const surprise of surprises) this.parts.onSurprise(surprise);
    this.sleepUntilDue();
  }

  dispose(): void {
    this.sleeping?.controller.abort();
    this.state = nothingShown;
  }

  private sleepUntilDue(): void {
    const untilMs = nextFeedbackMs(this.state);
    if (untilMs === (this.sleeping?.untilMs ?? null)) return;
    this.sleeping?.controller.abort();
    this.sleeping = null;
    if (untilMs === null) return;
    const { clock, textOf } = this.parts;
    const sleeping = { untilMs, controller: new AbortController() };
    this.sleeping = sleeping;
    clock.sleep(Math.max(0, untilMs - clock.nowMs()), sleeping.controller.signal).then(
      () => {
        if (this.sleeping !== sleeping) return;
        this.sleeping = null;
        this.handle({ kind: 'time', atMs: clock.nowMs(), textOf });
      },
      // Aborted: something else is due first, or nothing.
      () => {},
    );
  }
}
