// The learner thread of one repository: started, told, asked, and started again with a growing pause when it dies. It owns no state that a
// new thread could not rebuild: what waits is in git, what was learnt is in the store.
import { Cancelled, throwIfCancelled } from '../../base/cancellation.ts';
import type { Clock } from '../../base/clock.ts';
import type { RepositoryState } from '../../git/commit.ts';
import { OperatingError } from '../../base/operatingError.ts';
import type { LearnerAnswer, LearnerAsk, LearnerEvent, LearnerOpen, LearnerRequest } from '../../protocol/learner.ts';
import type { LearnerThread } from '../capabilities.ts';
import { RequestError } from '../errors.ts';

export interface LearnerHostParts {
  readonly clock: Clock;
  readonly start: () => LearnerThread;
  readonly onEvent: (event: LearnerEvent) => void;
  /** It ended by itself; null: it is not started again for now. */
  readonly onDeath: (why: string, restartMs: number | null) => void;
}

/** What a thread is to know beyond how it was opened; told again to the next one. */
export interface LearnerKnowledge {
  readonly state: RepositoryState | null;
  readonly paused: boolean;
  readonly onBattery: boolean;
}

const firstDelayMs = 1_000;
const deathsTolerated = 5;
const deathWindowMs = 10 * 60_000;
/** A thread that does not close by itself in this time is ended. */
const closeMs = 1_500;

export class LearnerHost {
  private thread: LearnerThread | null = null;
  private knowledge: LearnerKnowledge = { state: null, paused: false, onBattery: false };
  private asked = false;
  private readonly answers = new Map<number, { resolve(answer: LearnerAnswer): void; reject(error: unknown): void }>();
  private lastId = 0;
  private deathsMs: number[] = [];
  private readonly ending = new AbortController();
  private closed: (() => void) | undefined;

  constructor(
    private readonly parts: LearnerHostParts,
    private open: LearnerOpen,
  ) {
    this.begin();
  }

  tell(request: Exclude<LearnerRequest, { type: 'open' | 'close' | 'retrain' | 'withdraw' }>): void {
    if (request.type === 'repository') this.knowledge = { ...this.knowledge, state: request.state };
    if (request.type === 'pause' || request.type === 'resume') this.knowledge = { ...this.knowledge, paused: request.type === 'pause' };
    if (request.type === 'power') this.knowledge = { ...this.knowledge, onBattery: request.onBattery };
    if (request.type === 'learnNow') this.asked = true;
    if (request.type === 'settings') this.open = { ...this.open, settings: request.settings };
    this.thread?.post(request);
  }

  /** Somebody asked to learn now and waits for what comes of it: until the end of a cycle, whatever it came to. */
  get isAsked(): boolean {
    return this.asked;
  }

  get isPaused(): boolean {
    return this.knowledge.paused;
  }

  /** Answered when the learner has done it, which may take minutes. Once it is aborted the learner stops, and says so; what it had recorded by then is the answer. */
  async ask(request: Omit<LearnerAsk, 'id'>, signal?: AbortSignal): Promise<LearnerAnswer> {
    throwIfCancelled(signal);
    const { thread } = this;
    if (thread === null) throw learnerGone();
    const id = ++this.lastId;
    const withdraw = (): void => thread.post({ type: 'withdraw', id });
    signal?.addEventListener('abort', withdraw, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.answers.set(id, { resolve, reject });
        thread.post({ ...request, id });
      });
    } finally {
      signal?.removeEventListener('abort', withdraw);
    }
  }

  async dispose(): Promise<void> {
    this.ending.abort();
    const { thread } = this;
    this.thread = null;
    this.refuseAll(new Cancelled());
    if (thread === null) return;
    const closed = new Promise<void>((resolve) => (this.closed = resolve));
    thread.post({ type: 'close' });
    const waiting = new AbortController();
    await Promise.race([closed, this.parts.clock.sleep(closeMs, waiting.signal).catch(() => undefined)]);
    waiting.abort();
    await thread.terminate();
  }

  private begin(): void {
    const thread = this.parts.start();
    this.thread = thread;
    thread.onEvent((event) => this.received(event));
    thread.onEnd((error) => this.died(thread, error));
    thread.post(this.open);
    const { state, paused, onBattery } = this.knowledge;
    if (paused) thread.post({ type: 'pause' });
    if (onBattery) thread.post({ type: 'power', onBattery });
    if (state !== null) thread.post({ type: 'repository', state });
  }

  private received(event: LearnerEvent): void {
    switch (event.type) {
      case 'closed':
        return this.closed?.();
      case 'answered':
        this.answers.get(event.id)?.resolve(event);
        this.answers.delete(event.id);
        break;
      case 'refused':
        this.answers.get(event.id)?.reject(event.code === 'cancelled' ? new Cancelled(event.message) : new OperatingError({ code: event.code, message: event.message }));
        this.answers.delete(event.id);
        break;
      default:
    }
    if (!this.ending.signal.aborted) this.parts.onEvent(event);
    if (endsCycle(event)) this.asked = false;
  }

  private died(thread: LearnerThread, error: Error | null): void {
    this.closed?.();
    if (this.thread !== thread) return;
    this.thread = null;
    this.asked = false;
    this.refuseAll(learnerGone());
    const nowMs = this.parts.clock.monotonicMs();
    this.deathsMs = [...this.deathsMs.filter((atMs) => nowMs - atMs < deathWindowMs), nowMs];
    const deaths = this.deathsMs.length;
    const delayMs = deaths > deathsTolerated ? deathWindowMs : firstDelayMs * 2 ** (deaths - 1);
    this.parts.onDeath(error?.message ?? 'it ended without a word', deaths > deathsTolerated ? null : delayMs);
    this.parts.clock.sleep(delayMs, this.ending.signal).then(
      () => this.begin(),
      () => undefined,
    );
  }

  private refuseAll(error: unknown): void {
    for (const { reject } of this.answers.values()) reject(error);
    this.answers.clear();
  }
}

function endsCycle(event: LearnerEvent): boolean {
  if (event.type === 'standing') return event.standing.kind === 'idle' || event.standing.kind === 'paused';
  return event.type === 'outcome' || event.type === 'nothing' || event.type === 'failed';
}

function learnerGone(): RequestError {
  return new RequestError('learnerGone', 'The learner of this repository ended and is being started again. Try again in a moment.');
}
