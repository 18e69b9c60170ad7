// Answers engine messages over one opened model. Every request gets exactly one reply, whatever goes wrong: this is the
// border where errors become plain data.
import type { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import {
  type EngineCall,
  type EngineMessage,
  type EngineModelInfo,
  type EngineParameters,
  type EngineReply,
  engineCalls,
  requestEnvelopeSchema,
} from '../../protocol/engine.ts';
import { AdapterTable } from './adapterTable.ts';
import { describeError } from './describeError.ts';
import { ServiceError } from './errors.ts';
import type { Executor, OpenExecutor, OpenOptions } from './executor.ts';
import { JobQueue } from './jobQueue.ts';

export interface EngineService {
  /** One message from the other side; never rejects. */
  receive(message: unknown): Promise<void>;
  /** Cancels what runs and frees the model. */
  dispose(): Promise<void>;
}

type Handlers = { readonly [C in EngineCall]: (parameters: EngineParameters<C>, id: number) => Promise<EngineReply<C>> };

export interface EngineServiceParts {
  readonly send: (message: EngineMessage) => void;
  readonly clock: Clock;
}

export function createEngineService<A>(openExecutor: OpenExecutor<A>, { send, clock }: EngineServiceParts): EngineService {
  const queue = new JobQueue(clock);
  const adapters = new AdapterTable<A>();
  let opened: { readonly options: OpenOptions; readonly executor: Promise<Executor<A>> } | undefined;

  async function model(): Promise<Executor<A>> {
    if (!opened) throw new ServiceError({ code: 'notOpen', message: 'The engine has no model open yet.' });
    return opened.executor;
  }

  const handlers: Handlers = {
    async open(options) {
      if (!opened) {
        const executor = openExecutor(options);
        opened = { options, executor };
        queue.limitLearning(options.device === 'cpu' ? 1 : (options.gpuShare ?? 1));
        // A model that could not be opened leaves the engine as it was, for another folder.
        executor.catch(() => (opened = undefined));
      } else if (opened.options.modelFolder !== options.modelFolder) {
        throw new ServiceError({
          code: 'alreadyOpen',
          message: `The engine holds the model in ${opened.options.modelFolder}; another model needs another engine.`,
          details: { modelFolder: opened.options.modelFolder },
        });
      }
      return (await opened.executor).info;
    },
    async decode({ items, priority }, id) {
      const executor = await model();
      const resolved = items.map((item) => ({ ...item, adapter: adapters.getOrBase(item.adapter) }));
      for (const item of items) assertFits(executor.info, item.prompt.length, item.maxTokens);
      return queue.add({ id, priority, work: (control) => executor.decode(resolved, control) });
    },
    async score({ items, priority }, id) {
      const executor = await model();
      const resolved = items.map((item) => ({ ...item, adapter: adapters.getOrBase(item.adapter) }));
      for (const item of items) assertFits(executor.info, item.prompt.length, item.answer.length);
      return queue.add({ id, priority, work: (control) => executor.score(resolved, control) });
    },
    async train({ candidates, tokensPerStep }, id) {
      const executor = await model();
      const resolved = candidates.map((candidate) => ({ ...candidate, from: adapters.getOrBase(candidate.from) }));
      for (const candidate of candidates) for (const { ids } of candidate.examples) assertFits(executor.info, ids.length, 0);
      const onProgress = (progress: Extract<EngineMessage, { progress: unknown }>['progress']): void => send({ id, progress });
      const trained = await queue.add({
        id,
        priority: 'learning',
        work: (control) => executor.train(resolved, { tokensPerStep, onProgress }, control),
      });
      return trained.map((one) => ({ ...one, adapter: adapters.add(one.adapter) }));
    },
    async loadAdapter({ folder }) {
      const executor = await model();
      return { adapter: adapters.add(await executor.loadAdapter(folder)) };
    },
    async saveAdapter({ adapter, folder, metadata }) {
      const executor = await model();
      await executor.saveAdapter(adapters.get(adapter), folder, metadata);
      return {};
    },
    async interpolate({ from, to, share }) {
      const executor = await model();
      return { adapter: adapters.add(executor.interpolate(adapters.getOrBase(from), adapters.get(to), share)) };
    },
    // These two wait as the others do: requests take effect in the order in which they came.
    async release({ adapter }) {
      await model();
      adapters.release(adapter);
      return {};
    },
    async cancel({ target }) {
      await model();
      queue.cancel(target);
      return {};
    },
  };

  return {
    async receive(message) {
      const envelope = requestEnvelopeSchema.safeParse(message);
      if (!envelope.success) {
        // Without a readable id there is nobody to tell; -1 would be taken for an id.
        const id = idOf(message);
        if (id !== undefined) send({ id, ok: false, error: describeError(badRequest(envelope.error)) });
        return;
      }
      const { id, type } = envelope.data;
      try {
        send({ id, ok: true, value: await answer(handlers, type, envelope.data, id) });
      } catch (error) {
        send({ id, ok: false, error: describeError(error) });
      }
    },
    async dispose() {
      await queue.drain(new ServiceError({ code: 'disposed', message: 'The engine is shutting down.' }));
      adapters.clear();
      const executor = await opened?.executor.catch(() => undefined);
      opened = undefined;
      await executor?.dispose();
    },
  };
}

async function answer<C extends EngineCall>(handlers: Handlers, type: C, message: unknown, id: number): Promise<EngineReply<C>> {
  const parsed = engineCalls[type].request.safeParse(message);
  if (!parsed.success) throw badRequest(parsed.error);
  return handlers[type](parsed.data as EngineParameters<C>, id);
}

function badRequest(cause: z.ZodError): ServiceError {
  const issue = cause.issues[0];
  return new ServiceError({
    code: 'badRequest',
    message: `The engine cannot read a request (${issue?.path.join('.')}: ${issue?.message}). The engine and Graft may be of different versions: restart.`,
    cause,
  });
}

function idOf(message: unknown): number | undefined {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : undefined;
}

function assertFits(info: EngineModelInfo, promptTokens: number, moreTokens: number): void {
  if (promptTokens === 0) throw new ServiceError({ code: 'badRequest', message: 'A prompt without tokens cannot be continued or learnt.' });
  if (promptTokens + moreTokens > info.contextTokens) {
    throw new ServiceError({
      code: 'promptTooLong',
      message: `${promptTokens} tokens and ${moreTokens} after them do not fit the model's context of ${info.contextTokens}.`,
      details: { promptTokens, moreTokens, contextTokens: info.contextTokens },
    });
  }
}

