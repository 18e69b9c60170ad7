// Carries out what `decide` decides: one owner of the schedule's state, fed with events, for as long as a repository is open.
// Learning and sleeping themselves are given to it, so that a test drives it without an engine.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { decide, initialSchedule, type ScheduleAction, type ScheduleEvent, type ScheduleSettings, type ScheduleState } from './schedule.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface LearnerLoopParts {
  readonly clock: Clock;
  readonly settings: ScheduleSettings;
  readonly learn: (at: { readonly branch: string; readonly head: string }, signal: AbortSignal) => Promise<void>;
  readonly sleep: (at: { readonly branch: string }, signal: AbortSignal) => Promise<void>;
  readonly onServe: (at: { readonly branch: string | null; readonly head: string }) => void;
  readonly onTell: (why: Extract<ScheduleAction, { kind: 'tell' }>['why']) => void;
  readonly onFailure: (error: unknown) => void;
  /** True for the errors after which the engine is started again and the cycle may be repeated. */
  readonly isCrash: (error: unknown) => boolean;
}

export class LearnerLoop {
  private state: ScheduleState;
  private running: AbortController | undefined;
  private waking: AbortController | undefined;
  private job: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(private readonly parts: LearnerLoopParts) {
    this.state = initialSchedule(parts.settings, parts.clock.nowMs());
  }

  handle(event: Without<ScheduleEvent, 'atMs'>): void {
    if (this.disposed) return;
    const decision = decide(this.state, { ...event, atMs: this.parts.clock.nowMs() } as ScheduleEvent);
    this.state = decision.state;
    for (const action of decision.actions) this.carryOut(action);
  }

  /** Stops what runs and resolves when it has stopped. */
  async dispose(): Promise<void> {
    this.disposed = true;
    this.waking?.abort();
    this.running?.abort();
    await this.job;
  }

  private carryOut(action: ScheduleAction): void {
    switch (action.kind) {
      case 'learn':
        return this.begin((signal) => this.parts.learn(action, signal));
      case 'sleep':
        return this.begin((signal) => this.parts.sleep(action, signal));
      case 'abort':
        return this.running?.abort();
      case 'wakeMeAt':
        return this.wakeAt(action.atMs);
      case 'serve':
        return this.parts.onServe(action);
      case 'tell':
        return this.parts.onTell(action.why);
    }
  }

  private begin(work: (signal: AbortSignal) => Promise<void>): void {
    const running = new AbortController();
    this.running = running;
    this.job = work(running.signal).then(
      () => this.handle({ kind: 'finished', ending: 'done' }),
      (error: unknown) => {
        const ending = error instanceof Cancelled ? 'cancelled' : this.parts.isCrash(error) ? 'crashed' : 'failed';
        if (ending !== 'cancelled') this.parts.onFailure(error);
        this.handle({ kind: 'finished', ending });
      },
    );
  }

  /** The newest wish to be woken replaces older ones: `decide` asks again for what still waits. */
  private wakeAt(atMs: number): void {
    this.waking?.abort();
    const waking = new AbortController();
    this.waking = waking;
    this.parts.clock.sleep(Math.max(0, atMs - this.parts.clock.nowMs()), waking.signal).then(
      () => this.handle({ kind: 'tick' }),
      () => undefined,
    );
  }
}
