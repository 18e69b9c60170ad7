// Crashes, restarts and handles, over processes in memory.
import { describe, expect, test } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import { type CrashReport, EngineClient, type EngineClientOptions } from '../../../server/engineClient/engineClient.ts';
import { EngineError } from '../../../server/engineClient/errors.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { createMemoryFork } from '../../support/memoryFork.ts';

const openArguments = { modelFolder: '/m', cacheFolder: '/c', threads: 1, device: 'cpu' } as const;
const item = (adapter: string | null) => ({ prompt: Int32Array.of(1), adapter, maxTokens: 2, temperature: 0, topP: 1, seed: 1, stop: [] });
const decode = (adapter: string | null) => ({ items: [item(adapter)], priority: 'completion' as const });
const training = (epochs: number, from: string | null = null) => ({
  candidates: [
    {
      name: 'k', examples: [{ ids: Int32Array.of(1, 2), answerStart: 1 }], seed: 1, from,
      recipe: { learningRate: 1e-3, epochs, loss: 'answers' as const, rank: 4, alpha: 8, warmupShare: 0, clipNorm: 1, weightDecay: 0 },
    },
  ],
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    if (error instanceof Cancelled) return 'Cancelled';
    if (error instanceof EngineError) return error.code;
    throw error;
  }
}

function setUp(options: Parameters<typeof createMemoryFork>[0] = {}, clientOptions: Partial<EngineClientOptions> = {}) {
  const fork = createMemoryFork(options);
  const crashes: CrashReport[] = [];
  const clock = new ManualClock();
  const client = new EngineClient({ start: fork.start, clock, onCrash: (report) => crashes.push(report), ...clientOptions });
  return { fork, client, crashes, clock };
}

describe('a crash', () => {
  test('in training rejects it with a clear error, and the engine takes requests again', async () => {
    let crash = (): void => {};
    const { fork, client, crashes } = setUp({ onStep: (step) => step === 2 && crash() });
    crash = () => fork.crash('SIGABRT');
    await client.open(openArguments);
    const failure = await client.train(training(9)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'engineCrashed', details: { signal: 'SIGABRT', trainingLost: true, lastErrors: 'last words' } });
    expect((failure as Error).message).toMatch(/SIGABRT.*repeated.*training had learnt so far is lost/s);
    expect(await client.decode(decode(null))).toHaveLength(1);
    expect(fork.starts()).toBe(2);
    expect(crashes.map(({ inFlight }) => inFlight)).toEqual([['train']]);
  });

  test('keeps handles of loaded and saved adapters, and reports the others as lost', async () => {
    const { fork, client, crashes } = setUp();
    await client.open(openArguments);
    const loaded = await client.loadAdapter('/v1');
    const [saved] = await client.train(training(1, loaded));
    const [unsaved] = await client.train(training(1));
    await client.saveAdapter({ adapter: saved?.adapter ?? '', folder: '/v2', metadata: {} });
    fork.crash();
    expect(crashes[0]?.lostAdapters).toEqual([unsaved?.adapter]);
    fork.log.length = 0;
    await client.decode(decode(loaded));
    await client.decode(decode(saved?.adapter ?? ''));
    expect(await codeOf(client.decode(decode(unsaved?.adapter ?? '')))).toBe('adapterLost');
    expect(fork.log).toEqual(['load /v1', 'load /v2', 'decode from /v1', 'decode from /v2']);
  });

  test('does not bring a released adapter back', async () => {
    const { fork, client } = setUp();
    await client.open(openArguments);
    const adapter = await client.loadAdapter('/v1');
    await client.release(adapter);
    fork.crash();
    fork.log.length = 0;
    await client.decode(decode(null));
    expect(fork.log).toEqual(['decode base']);
    expect(await codeOf(client.decode(decode(adapter)))).toBe('unknownAdapter');
  });

  test('at the start is tried again, later each time', async () => {
    const { fork, client, clock } = setUp({ dieAtStart: (start) => start <= 3 });
    const before = clock.nowMs();
    await client.open(openArguments);
    expect(fork.starts()).toBe(4);
    expect(clock.nowMs() - before).toBe(250 + 500 + 1000);
  });

  test('too often in a row ends in a clear refusal, until time has passed', async () => {
    const { fork, client, clock } = setUp({ dieAtStart: (start) => start <= 6 });
    expect(await codeOf(client.open(openArguments))).toBe('engineGaveUp');
    expect(await codeOf(client.decode(decode(null)))).toBe('engineGaveUp');
    expect(fork.starts()).toBe(6);
    clock.advance(600_000);
    expect((await client.open(openArguments)).engine).toBe('scripted');
  });

  test('is told when the next process is on its way: who asks at once is answered', async () => {
    const asked: Promise<string>[] = [];
    const { fork, client } = setUp({}, { onCrash: () => void asked.push(codeOf(client.decode(decode(null)))) });
    await client.open(openArguments);
    fork.crash();
    expect(await Promise.all(asked)).toEqual(['none']);
  });

  test('rejects every request in flight and serves those that come after', async () => {
    const { fork, client } = setUp();
    await client.open(openArguments);
    const inFlight = [client.decode(decode(null)), client.score({ items: [] })].map(codeOf);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    fork.crash();
    const after = codeOf(client.decode(decode(null)));
    expect(await Promise.all(inFlight)).toEqual(['engineCrashed', 'engineCrashed']);
    expect(await after).toBe('none');
  });
});

describe('cancelling', () => {
  test('rejects at once and stops the training at its next step', async () => {
    const abort = new AbortController();
    const { fork, client } = setUp({ onStep: (step) => step === 1 && abort.abort() });
    await client.open(openArguments);
    expect(await codeOf(client.train(training(50), { signal: abort.signal }))).toBe('Cancelled');
    await client.decode(decode(null));
    expect(fork.log.filter((line) => line.startsWith('step')).length).toBeLessThan(6);
  });

  test('a request that is cancelled already is not sent', async () => {
    const { fork, client } = setUp();
    await client.open(openArguments);
    expect(await codeOf(client.decode(decode(null), { signal: AbortSignal.abort() }))).toBe('Cancelled');
    expect(fork.log).toEqual([]);
  });
});

test('progress of a training arrives while it runs', async () => {
  const { client } = setUp();
  await client.open(openArguments);
  const steps: number[] = [];
  await client.train(training(3), { onProgress: ({ step }) => steps.push(step) });
  expect(steps).toEqual([0, 1, 2]);
});

test("an engine's own refusal keeps its code and message", async () => {
  const { client } = setUp();
  await client.open(openArguments);
  expect(await codeOf(client.loadAdapter('/bad'))).toBe('adapterUnreadable');
});

test('disposing ends the process, and every call with a code', async () => {
  const { client, fork, crashes } = setUp();
  await client.open(openArguments);
  const inFlight = codeOf(client.train(training(100)));
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  client.dispose();
  expect(await inFlight).toBe('engineDisposed');
  expect(await codeOf(client.decode(decode(null)))).toBe('engineDisposed');
  expect(fork.starts()).toBe(1);
  expect(crashes).toEqual([]);
});
