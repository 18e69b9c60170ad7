// Carries out what `decide` decides: one owner of the schedule's state, fed with events, for as long as a repository is open.
// Learning and sleeping themselves are given to it, so that a test drives it without an engine.
import { Cancelled, throwIfCancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { decide, initialSchedule, type ScheduleAction, type ScheduleEvent, type ScheduleSettings, type ScheduleState } from './schedule.ts';
import { standingOf, type Standing } from './scheduleGates.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface LearnerLoopParts {
  readonly clock: Clock;
  readonly settings: ScheduleSettings;
  /** Learning time of earlier sessions, for today's budget. */
  readonly spent?: ScheduleState['spent'];
  readonly learn: (at: { readonly branch: string; readonly head: string }, signal: AbortSignal) => Promise<void>;
  readonly sleep: (at: { readonly branch: string }, signal: AbortSignal) => Promise<void>;
  readonly onServe: (at: { readonly branch: string | null; readonly head: string }) => void;
  readonly onTell: (why: Extract<ScheduleAction, { kind: 'tell' }>['why']) => void;
  readonly onFailure: (error: unknown) => void;
  /** Where learning stands, whenever that changes. */
  readonly onStanding?: (standing: Standing) => void;
  /** True for the errors after which the engine is started again and the cycle may be repeated. */
  readonly isCrash: (error: unknown) => boolean;
}

export class LearnerLoop {
  private state: ScheduleState;
  private running: AbortController | undefined;
  private waking: AbortController | undefined;
  private job: Promise<void> = Promise.resolve();
  private aloneLast: Promise<unknown> = Promise.resolve();
  private readonly alones = new Set<AbortController>();
  private standing = '';
  private disposed = false;

  constructor(private readonly parts: LearnerLoopParts) {
    this.state = initialSchedule(parts.settings, parts.clock.nowMs(), parts.spent);
  }

  handle(event: Without<ScheduleEvent, 'atMs'>): void {
    if (this.disposed) return;
    const atMs = this.parts.clock.nowMs();
    const decision = decide(this.state, { ...event, atMs } as ScheduleEvent);
    this.state = decision.state;
    if (event.kind === 'cancel') for (const alone of this.alones) alone.abort();
    for (const action of decision.actions) this.carryOut(action);
    const standing = standingOf(this.state, atMs);
    if (JSON.stringify(standing) === this.standing) return;
    this.standing = JSON.stringify(standing);
    this.parts.onStanding?.(standing);
  }

  /** Runs work that needs the engine for itself: after what runs now (a sleep is stopped for it), and nothing begins beside it. */
  async alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    this.alones.add(own);
    this.handle({ kind: 'hold' });
    const before = this.aloneLast;
    const running = (async () => {
      await before.catch(() => undefined);
      await this.job;
      throwIfCancelled(own.signal);
      return work(own.signal);
    })();
    this.aloneLast = running;
    try {
      return await running;
    } finally {
      this.alones.delete(own);
      this.handle({ kind: 'release' });
    }
  }

  /** Stops what runs and resolves when it has stopped. */
  async dispose(): Promise<void> {
    this.disposed = true;
    this.waking?.abort();
    this.running?.abort();
    for (const alone of this.alones) alone.abort();
    await this.job;
    await this.aloneLast.catch(() => undefined);
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
