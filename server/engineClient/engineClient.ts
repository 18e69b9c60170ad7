// The engine as its callers see it: one process that is started on the first call and again after a crash. Handles are the
// client's own and stay the same over a restart; adapters that came from a folder or were saved to one are loaded again.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { ForkedProcess, ProcessExit } from '../base/forkedProcess.ts';
import type { EngineArguments, EngineCall, EngineReply, TrainProgress } from '../protocol/engine.ts';
import { AdapterRecords } from './adapterRecords.ts';
import { EngineSession } from './engineSession.ts';
import { clientError, EngineError } from './errors.ts';

export interface CrashReport {
  readonly exit: ProcessExit;
  readonly inFlight: readonly EngineCall[];
  /** Handles that no folder holds: their training results are gone. */
  readonly lostAdapters: readonly string[];
}

export interface EngineClientOptions {
  readonly start: () => ForkedProcess;
  readonly clock: Clock;
  readonly onCrash?: (report: CrashReport) => void;
  /** More crashes than this within `crashWindowMs`, and calls fail with 'engineGaveUp' until the window has passed. */
  readonly crashLimit?: number;
  readonly crashWindowMs?: number;
  /** Before the first restart; doubles with each further crash in the window. */
  readonly restartDelayMs?: number;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export class EngineClient {
  private session: Promise<EngineSession> | undefined;
  /** The live process. */
  private current: EngineSession | undefined;
  /** The process that has the model open again and takes requests. */
  private started: EngineSession | undefined;
  private openArguments: EngineArguments<'open'> | undefined;
  private readonly adapters = new AdapterRecords();
  private crashTimesMs: number[] = [];
  private readonly disposal = new AbortController();

  constructor(private readonly options: EngineClientOptions) {}

  async open(parameters: EngineArguments<'open'>, options: CallOptions = {}): Promise<EngineReply<'open'>> {
    const session = await this.running(options.signal);
    const info = await session.call('open', parameters, options);
    this.openArguments = parameters;
    return info;
  }

  async decode(parameters: EngineArguments<'decode'>, options: CallOptions = {}): Promise<EngineReply<'decode'>> {
    const session = await this.running(options.signal);
    const items = parameters.items.map((item) => ({ ...item, adapter: this.adapters.engineHandleOrBase(item.adapter) }));
    return session.call('decode', { ...parameters, items }, options);
  }

  async score(parameters: EngineArguments<'score'>, options: CallOptions = {}): Promise<EngineReply<'score'>> {
    const session = await this.running(options.signal);
    const items = parameters.items.map((item) => ({ ...item, adapter: this.adapters.engineHandleOrBase(item.adapter) }));
    return session.call('score', { ...parameters, items }, options);
  }

  async train(
    parameters: EngineArguments<'train'>,
    options: CallOptions & { readonly onProgress?: ((progress: TrainProgress) => void) | undefined } = {},
  ): Promise<EngineReply<'train'>> {
    const session = await this.running(options.signal);
    const candidates = parameters.candidates.map((one) => ({ ...one, from: this.adapters.engineHandleOrBase(one.from) }));
    const trained = await session.call('train', { ...parameters, candidates }, options);
    return trained.map((one) => ({ ...one, adapter: this.adapters.add(one.adapter, undefined) }));
  }

  async loadAdapter(folder: string, options: CallOptions = {}): Promise<string> {
    const session = await this.running(options.signal);
    const { adapter } = await session.call('loadAdapter', { folder }, options);
    return this.adapters.add(adapter, folder);
  }

  async saveAdapter(parameters: EngineArguments<'saveAdapter'>, options: CallOptions = {}): Promise<void> {
    const session = await this.running(options.signal);
    await session.call('saveAdapter', { ...parameters, adapter: this.adapters.engineHandle(parameters.adapter) }, options);
    this.adapters.savedTo(parameters.adapter, parameters.folder);
  }

  async interpolate(parameters: EngineArguments<'interpolate'>, options: CallOptions = {}): Promise<string> {
    const session = await this.running(options.signal);
    const { share } = parameters;
    const [from, to] = [this.adapters.engineHandleOrBase(parameters.from), this.adapters.engineHandle(parameters.to)];
    const { adapter } = await session.call('interpolate', { from, to, share }, options);
    return this.adapters.add(adapter, undefined);
  }

  /** Also forgets an adapter that a crash took; the process is not started for it. */
  async release(adapter: string): Promise<void> {
    const engineHandle = this.adapters.remove(adapter);
    if (engineHandle !== undefined) await this.current?.call('release', { adapter: engineHandle });
  }

  /** Ends the process; calls under way reject with 'engineDisposed'. */
  dispose(): void {
    this.disposal.abort();
    const session = this.current;
    this.current = undefined;
    session?.end(disposed());
  }

  /** The process that takes requests, started or restarted where needed. */
  private async running(signal: AbortSignal | undefined): Promise<EngineSession> {
    if (signal?.aborted) throw new Cancelled();
    if (this.disposal.signal.aborted) throw disposed();
    this.session ??= this.startUntilReady();
    return untilAborted(this.session, signal);
  }

  private async startUntilReady(): Promise<EngineSession> {
    try {
      for (;;) {
        await this.delayAfterCrashes();
        try {
          return await this.startOnce();
        } catch (error) {
          if (!(error instanceof EngineError && error.code === 'engineCrashed')) throw error;
        }
      }
    } catch (error) {
      this.session = undefined;
      throw error;
    }
  }

  private async startOnce(): Promise<EngineSession> {
    const session = new EngineSession(this.options.start(), (exit, inFlight) => this.onExit(session, exit, inFlight));
    this.current = session;
    try {
      await session.ready;
      if (this.openArguments) {
        await session.call('open', this.openArguments);
        await this.adapters.reload(async (folder) => (await session.call('loadAdapter', { folder })).adapter);
      }
    } catch (error) {
      // A process that cannot open the model (it was moved away) is of no use; this is not a crash of its own.
      if (this.current === session) {
        this.current = undefined;
        session.kill();
      }
      throw error;
    }
    this.started = session;
    return session;
  }

  private onExit(session: EngineSession, exit: ProcessExit, inFlight: readonly EngineCall[]): void {
    if (this.current !== session) return;
    this.current = undefined;
    const lostAdapters = this.adapters.engineDied();
    this.crashTimesMs.push(this.options.clock.monotonicMs());
    // One that died while starting is the business of the loop that starts it.
    if (this.started === session) {
      this.started = undefined;
      // At once rather than on the next call, so that the next keystroke does not wait for the weights to be mapped.
      this.session = this.openArguments ? this.startUntilReady() : undefined;
      this.session?.catch(() => {});
    }
    // Last: who is told may ask again at once, and must not ask the dead process.
    this.options.onCrash?.({ exit, inFlight, lostAdapters });
  }

  private async delayAfterCrashes(): Promise<void> {
    const { clock, crashLimit = 5, crashWindowMs = 600_000, restartDelayMs = 250 } = this.options;
    const nowMs = clock.monotonicMs();
    this.crashTimesMs = this.crashTimesMs.filter((timeMs) => nowMs - timeMs < crashWindowMs);
    const crashes = this.crashTimesMs.length;
    if (crashes > crashLimit) {
      throw clientError(
        'engineGaveUp',
        `The engine process ended ${crashes} times within ${Math.round(crashWindowMs / 60_000)} minutes and is not started again for now. Run "graft doctor", or choose a smaller model if memory is short${this.openArguments?.device === 'webgpu' ? ', or the device cpu' : ''}.`,
        { crashes },
      );
    }
    if (crashes > 0) await clock.sleep(restartDelayMs * 2 ** (crashes - 1), this.disposal.signal);
    if (this.disposal.signal.aborted) throw disposed();
  }
}

function disposed(): EngineError {
  return clientError('engineDisposed', 'The engine was shut down.');
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
