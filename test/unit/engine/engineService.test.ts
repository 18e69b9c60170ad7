// The service over an executor that only counts: queue order, cancellation, handles, and errors as data.
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../server/base/clock.ts';
import { OperatingError } from '../../../server/base/operatingError.ts';
import { createEngineService } from '../../../server/engine/service/engineService.ts';
import { type EngineMessage, engineMessageSchema } from '../../../server/protocol/engine.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { scriptedExecutor, type ScriptedExecutorOptions } from '../../support/scriptedExecutor.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

const openRequest = { type: 'open', modelFolder: '/m', cacheFolder: '/c', threads: 1, device: 'cpu' };
const item = (adapter: string | null = null) => ({
  prompt: Int32Array.of(1, 2), adapter, maxTokens: 3, temperature: 0, topP: 1, seed: 1, stop: [],
});
const candidate = (steps: number, from: string | null = null) => ({
  name: 'k', examples: [{ ids: Int32Array.of(1, 2, 3), answerStart: 1 }], seed: 1, from,
  recipe: { learningRate: 1e-3, epochs: steps, loss: 'answers', rank: 4, alpha: 8, warmupShare: 0.1, clipNorm: 1, weightDecay: 0 },
});

function setUp(options: ScriptedExecutorOptions = {}, clock: Clock = new ManualClock()) {
  const log: string[] = [];
  const sent: EngineMessage[] = [];
  const open = scriptedExecutor(log, options);
  const service = createEngineService(open, { send: (message) => sent.push(engineMessageSchema.parse(message)), clock });
  const reply = (id: number) => sent.find((message) => 'id' in message && message.id === id && 'ok' in message);
  const errorCode = (id: number): string | undefined => {
    const found = reply(id);
    return found && 'error' in found ? found.error.code : undefined;
  };
  const value = (id: number): unknown => {
    const found = reply(id);
    return found && 'value' in found ? found.value : undefined;
  };
  return { service, log, sent, reply, errorCode, value };
}

async function opened(options: ScriptedExecutorOptions = {}, { clock, ...open }: { readonly clock?: Clock; readonly device?: string; readonly gpuShare?: number } = {}) {
  const all = setUp(options, clock);
  await all.service.receive({ id: 0, ...openRequest, ...open });
  return all;
}

describe('requests', () => {
  test('are refused before a model is open', async () => {
    const { service, errorCode } = setUp();
    await service.receive({ id: 1, type: 'decode', items: [item()], priority: 'completion' });
    expect(errorCode(1)).toBe('notOpen');
  });

  test('a model that cannot be opened leaves the engine ready for another', async () => {
    const { service, errorCode } = setUp({ failOpen: new OperatingError({ code: 'weightsTorn', message: 'm' }) });
    await service.receive({ id: 1, ...openRequest });
    await service.receive({ id: 2, ...openRequest, modelFolder: '/other' });
    expect([errorCode(1), errorCode(2)]).toEqual(['weightsTorn', 'weightsTorn']);
  });

  test.each([
    ['an unknown type', { id: 5, type: 'fly' }, 'badRequest'],
    ['a plain array for ids', { id: 5, type: 'decode', items: [{ ...item(), prompt: [1] }], priority: 'learning' }, 'badRequest'],
    ['no priority', { id: 5, type: 'decode', items: [] }, 'badRequest'],
    ['another model', { id: 5, ...openRequest, modelFolder: '/other' }, 'alreadyOpen'],
    ['an empty prompt', { id: 5, type: 'score', items: [{ prompt: new Int32Array(), answer: Int32Array.of(1), adapter: null }] }, 'badRequest'],
    ['a prompt over the context', { id: 5, type: 'decode', items: [{ ...item(), maxTokens: 99 }], priority: 'learning' }, 'promptTooLong'],
    ['an unknown adapter', { id: 5, type: 'decode', items: [item('adapter-9')], priority: 'learning' }, 'unknownAdapter'],
    ['a torn adapter folder', { id: 5, type: 'loadAdapter', folder: '/bad' }, 'adapterUnreadable'],
  ])('with %s fail with a code', async (_name, request, code) => {
    const { service, errorCode } = await opened();
    await service.receive(request);
    expect(errorCode(5)).toBe(code);
  });

  test('without a readable id are dropped, and the service lives on', async () => {
    const { service, sent, value } = await opened();
    await service.receive('nonsense');
    await service.receive({ type: 'decode' });
    expect(sent).toHaveLength(1);
    await service.receive({ id: 3, type: 'score', items: [] });
    expect(value(3)).toEqual([]);
  });
});

describe('the queue', () => {
  test('lets a completion overtake learning in the middle of a training', async () => {
    const arrived: Promise<void>[] = [];
    const all = await opened({
      onStep: (step) => {
        if (step === 1) arrived.push(all.service.receive({ id: 2, type: 'decode', items: [item()], priority: 'completion' }));
      },
    });
    await all.service.receive({ id: 1, type: 'train', candidates: [candidate(4)] });
    await Promise.all(arrived);
    expect(all.log).toEqual(['step 0', 'step 1', 'decode base', 'step 2', 'step 3']);
  });

  test('keeps learning in order and takes completions first', async () => {
    const { service, log } = await opened();
    await Promise.all([
      service.receive({ id: 1, type: 'train', candidates: [candidate(1)] }),
      service.receive({ id: 2, type: 'score', items: [{ prompt: Int32Array.of(1), answer: Int32Array.of(2), adapter: null }] }),
      service.receive({ id: 3, type: 'decode', items: [item()], priority: 'learning' }),
      service.receive({ id: 4, type: 'decode', items: [item()], priority: 'completion' }),
    ]);
    expect(log.map((line) => line.split(' ')[0])).toEqual(['decode', 'step', 'score', 'decode']);
  });

  test('cancels what runs at its next step, and what waits at once', async () => {
    const all = await opened({
      onStep: (step) => {
        if (step !== 1) return;
        void all.service.receive({ id: 10, type: 'cancel', target: 2 });
        void all.service.receive({ id: 11, type: 'cancel', target: 1 });
      },
    });
    await Promise.all([
      all.service.receive({ id: 1, type: 'train', candidates: [candidate(9)] }),
      all.service.receive({ id: 2, type: 'train', candidates: [candidate(9)] }),
    ]);
    expect([all.errorCode(1), all.errorCode(2)]).toEqual(['cancelled', 'cancelled']);
    expect(all.log).toEqual(['step 0', 'step 1']);
  });

  test('reports progress under the request it belongs to', async () => {
    const { service, sent } = await opened();
    await service.receive({ id: 7, type: 'train', candidates: [candidate(2)] });
    expect(sent.filter((message) => 'progress' in message)).toEqual([
      { id: 7, progress: { step: 0, steps: 2, losses: [1] } },
      { id: 7, progress: { step: 1, steps: 2, losses: [1] } },
    ]);
  });

  test('is emptied on dispose, before the model is freed', async () => {
    const all = await opened({ onStep: (step) => void (step === 0 && disposed.push(all.service.dispose())) });
    const disposed: Promise<void>[] = [];
    await Promise.all([
      all.service.receive({ id: 1, type: 'train', candidates: [candidate(5)] }),
      all.service.receive({ id: 2, type: 'score', items: [] }),
    ]);
    await Promise.all(disposed);
    expect([all.errorCode(1), all.errorCode(2)]).toEqual(['cancelled', 'disposed']);
    expect(all.log).toEqual(['step 0', 'disposed']);
  });
});

describe("learning's share of a GPU", () => {
  const stepMs = 100;
  const quarter = { device: 'webgpu', gpuShare: 0.25 };
  const cases = [
    { title: 'is kept by waiting after each step, across trainings', open: quarter, priority: 'learning', totalMs: 4 * 100 + 3 * 300 },
    { title: 'is all of it where nothing is said', open: { device: 'webgpu' }, priority: 'learning', totalMs: 400 },
    { title: 'says nothing about the CPU', open: { ...quarter, device: 'cpu' }, priority: 'learning', totalMs: 400 },
    { title: 'never holds up a completion', open: quarter, priority: 'completion', totalMs: 400 },
  ] as const;
  for (const { title, open, priority, totalMs } of cases) {
    test(title, async () => {
      const clock = new ManualClock();
      const beganMs = clock.monotonicMs();
      const { service, log } = await opened({ onStep: () => clock.advance(stepMs), onDecode: () => clock.advance(stepMs) }, { ...open, clock });
      if (priority === 'completion') await service.receive({ id: 1, type: 'decode', items: [item(), item(), item(), item()], priority });
      else for (const id of [1, 2]) await service.receive({ id, type: 'train', candidates: [candidate(2)] });
      expect(log).toHaveLength(4);
      expect(clock.monotonicMs() - beganMs).toBe(totalMs);
    });
  }

  test('leaves a resting GPU to a completion at once, and a cancel ends the rest', async () => {
    const clock = new WaitingClock();
    const all = await opened({ onStep: () => void clock.advance(stepMs) }, { ...quarter, clock });
    const training = all.service.receive({ id: 1, type: 'train', candidates: [candidate(3)] });
    for (let turn = 0; turn < 4; turn++) await clock.advance(0);
    await all.service.receive({ id: 2, type: 'decode', items: [item()], priority: 'completion' });
    expect(all.log).toEqual(['step 0', 'decode base']);
    await clock.advance(299);
    expect(all.log).toHaveLength(2);
    await all.service.receive({ id: 3, type: 'cancel', target: 1 });
    await training;
    expect(all.errorCode(1)).toBe('cancelled');
  });
});

describe('adapters', () => {
  test('are trained, mixed, saved and released by handle', async () => {
    const { service, log, value, errorCode } = await opened();
    await service.receive({ id: 1, type: 'loadAdapter', folder: '/v1' });
    const { adapter: loaded } = value(1) as { adapter: string };
    await service.receive({ id: 2, type: 'train', candidates: [candidate(1, loaded)] });
    const [{ adapter: trained }] = value(2) as [{ adapter: string }];
    await service.receive({ id: 3, type: 'interpolate', from: loaded, to: trained, share: 0.5 });
    const { adapter: mixed } = value(3) as { adapter: string };
    await service.receive({ id: 4, type: 'saveAdapter', adapter: mixed, folder: '/v2', metadata: {} });
    await service.receive({ id: 5, type: 'release', adapter: mixed });
    await service.receive({ id: 6, type: 'release', adapter: mixed });
    expect(log).toEqual(['load /v1', 'step 0', 'save from /v1>trained from from /v1@0.5 to /v2']);
    expect(errorCode(6)).toBe('unknownAdapter');
    expect(new Set([loaded, trained, mixed]).size).toBe(3);
  });

  test('stay usable by a job that began before their release', async () => {
    const { service, log, value } = await opened();
    await service.receive({ id: 1, type: 'loadAdapter', folder: '/v1' });
    const { adapter } = value(1) as { adapter: string };
    await Promise.all([
      service.receive({ id: 2, type: 'decode', items: [item(adapter)], priority: 'learning' }),
      service.receive({ id: 3, type: 'release', adapter }),
    ]);
    expect(log).toEqual(['load /v1', 'decode from /v1']);
  });
});

