// The one request that is in flight: a newer one makes it give way, or waits for it where the typing agrees with it. Its answer is remembered
// even where nobody waits for it any more.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { Answer } from './askModel.ts';
import { waitForOlderMs } from './joinOlder.ts';
import type { CacheHit, Place, SuggestionCache } from './suggestionCache.ts';
import type { TypingPace } from './typingPace.ts';

export interface InFlightParts {
  readonly clock: Clock;
  readonly cache: SuggestionCache<Answer>;
  readonly pace: TypingPace;
}

interface Running {
  readonly place: Place;
  readonly startedMs: number;
  readonly controller: AbortController;
  readonly done: Promise<unknown>;
}

export class RequestInFlight {
  private running: Running | null = null;

  constructor(private readonly parts: InFlightParts) {}

  get isIdle(): boolean {
    return this.running === null;
  }

  /** Waits for the request that runs where its answer may agree with what was typed since; else makes it give way. */
  async join(place: Place, signal: AbortSignal): Promise<CacheHit<Answer> | undefined> {
    const { running } = this;
    const { clock, cache, pace } = this.parts;
    if (running === null) return undefined;
    const elapsedMs = clock.monotonicMs() - running.startedMs;
    const older = { group: groupOf(running.place), prefix: running.place.prefix, elapsedMs };
    const waitMs = waitForOlderMs(older, { group: groupOf(place), prefix: place.prefix }, pace.meanLatencyMs);
    if (waitMs > 0) await Promise.race([running.done, clock.sleep(waitMs, signal)]);
    const found = cache.find(place);
    if (found === undefined) running.controller.abort();
    return found;
  }

  /** `mayKeep`: whether the version that was asked still serves when the answer comes. */
  async start(place: Place, work: (signal: AbortSignal) => Promise<Answer>, { mayKeep, signal }: { readonly mayKeep: () => boolean; readonly signal?: AbortSignal | undefined }): Promise<Answer> {
    if (signal?.aborted === true) throw new Cancelled();
    const { clock, cache, pace } = this.parts;
    this.running?.controller.abort();
    const controller = new AbortController();
    const startedMs = clock.monotonicMs();
    const working = work(controller.signal);
    // Remembered first, so that whoever waits for it finds it.
    const remembered = working.then((answer) => mayKeep() && cache.store(place, answer)).catch(() => {});
    const running: Running = { place, startedMs, controller, done: remembered };
    this.running = running;
    void remembered.then(() => {
      if (this.running === running) this.running = null;
    });
    const answer = await untilAborted(working, signal);
    pace.answered(startedMs);
    return answer;
  }

  /** Of one working tree, or whatever runs. */
  abort(folder?: string): void {
    if (folder === undefined || this.running?.place.folder === folder) this.running?.controller.abort();
  }
}

function groupOf({ folder, path, suffix, servedBy }: Place): string {
  return [folder, path, servedBy, suffix].join('\0');
}

/** The work goes on for whoever may ask the same; only this caller has gone. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Cancelled());
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
