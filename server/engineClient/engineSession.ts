// One engine process from start to exit: numbers requests, matches replies, turns the exit into rejections.
import { Cancelled } from '../base/cancellation.ts';
import type { ForkedProcess, ProcessExit } from '../base/forkedProcess.ts';
import {
  type EngineArguments,
  type EngineCall,
  type EngineReply,
  engineCalls,
  engineMessageSchema,
  type TrainProgress,
} from '../protocol/engine.ts';
import { clientError, EngineError } from './errors.ts';

export interface SessionCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
}

interface Pending {
  readonly type: EngineCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: ((progress: TrainProgress) => void) | undefined;
  /** The caller no longer waits; an adapter in the reply must be released. */
  abandoned: boolean;
}

export class EngineSession {
  /** Resolves when the process listens; rejects when it exits before. */
  readonly ready: Promise<void>;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private exit: ProcessExit | undefined;

  constructor(
    private readonly process: ForkedProcess,
    onExit: (exit: ProcessExit, inFlight: readonly EngineCall[]) => void,
  ) {
    this.ready = new Promise((resolve, reject) => {
      process.onMessage((message) => this.receive(message, resolve));
      process.onExit((exit) => {
        this.exit = exit;
        const inFlight = [...this.pending.values()].filter((one) => !one.abandoned);
        reject(crashed(exit, []));
        for (const one of this.pending.values()) one.reject(crashed(exit, inFlight.map(({ type }) => type)));
        this.pending.clear();
        onExit(exit, inFlight.map(({ type }) => type));
      });
    });
    // Whoever awaits it sees the rejection; nobody has to.
    this.ready.catch(() => {});
  }

  call<C extends EngineCall>(type: C, parameters: EngineArguments<C>, options: SessionCallOptions = {}): Promise<EngineReply<C>> {
    const { signal, onProgress } = options;
    if (signal?.aborted) return Promise.reject(new Cancelled());
    if (this.exit) return Promise.reject(crashed(this.exit, []));
    const id = this.nextId++;
    return new Promise<unknown>((resolve, reject) => {
      const onAbort = (): void => {
        pending.abandoned = true;
        this.process.send({ id: this.nextId++, type: 'cancel', target: id });
        reject(new Cancelled());
      };
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      const pending: Pending = {
        type,
        resolve: (value) => (settle(), resolve(value)),
        reject: (reason) => (settle(), reject(reason)),
        onProgress,
        abandoned: false,
      };
      this.pending.set(id, pending);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.process.send({ ...parameters, id, type });
    }) as Promise<EngineReply<C>>;
  }

  kill(): void {
    this.process.kill();
  }

  /** Kills the process; calls under way reject with `reason` instead of a crash. */
  end(reason: Error): void {
    for (const one of this.pending.values()) one.reject(reason);
    this.pending.clear();
    this.process.kill();
  }

  private receive(message: unknown, onReady: () => void): void {
    const parsed = engineMessageSchema.safeParse(message);
    if (!parsed.success) return;
    if ('ready' in parsed.data) return onReady();
    const { id } = parsed.data;
    const pending = this.pending.get(id);
    if (!pending) return;
    if ('progress' in parsed.data) {
      if (!pending.abandoned) pending.onProgress?.(parsed.data.progress);
      return;
    }
    this.pending.delete(id);
    if (!parsed.data.ok) return pending.reject(asError(parsed.data.error));
    const value = engineCalls[pending.type].reply.safeParse(parsed.data.value);
    if (!value.success) {
      return pending.reject(
        clientError('engineMismatch', 'The engine answered in a form that this version of Graft does not know. Restart the editor.', {
          call: pending.type,
        }),
      );
    }
    if (pending.abandoned) for (const adapter of adaptersIn(value.data)) this.call('release', { adapter }).catch(() => {});
    pending.resolve(value.data);
  }
}

function asError(error: { code: string; message: string; details: Record<string, unknown> }): Error {
  return error.code === 'cancelled' ? new Cancelled(error.message) : new EngineError(error);
}

function crashed(exit: ProcessExit, inFlight: readonly EngineCall[]): EngineError {
  const how = exit.signal === null ? `with status ${exit.status}` : `by ${exit.signal}`;
  const lost = inFlight.includes('train') ? ' What the running training had learnt so far is lost.' : '';
  return clientError('engineCrashed', `The engine process ended ${how}; it is started again, and the request can be repeated.${lost}`, {
    status: exit.status,
    signal: exit.signal,
    lastErrors: exit.lastErrors,
    trainingLost: inFlight.includes('train'),
  });
}

function adaptersIn(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'adapter' in one && typeof one.adapter === 'string' ? [one.adapter] : [],
  );
}
