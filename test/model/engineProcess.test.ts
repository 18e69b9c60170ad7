// The engine as a real process over a tiny random model: answers, damaged folders, being killed in a training.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Example, Recipe } from '../../server/base/prompt.ts';
import { nodeFiles } from '../../server/host/nodeFiles.ts';
import { forkProcess } from '../../server/host/forkedProcess.ts';
import type { LanguageModel } from '../../server/languageModel/languageModel.ts';
import { openLanguageModel } from '../../server/languageModel/openLanguageModel.ts';
import { type RealEngine, startRealEngine } from '../support/realEngine.ts';
import { writeTinyModel } from '../support/tinyModel.ts';

const recipe: Recipe = { learningRate: 2e-2, epochs: 12, loss: 'answers', replay: 0.15, rank: 4, mix: {}, augment: 'none' };
const example: Example = {
  prompt: { kind: 'question', repository: 'shop', question: 'What does add return?' },
  answer: 'return a + b;',
};

let root = '';
let engine: RealEngine;
let model: LanguageModel;
const openArguments = (name: string) => ({ modelFolder: join(root, name), cacheFolder: join(root, 'cache'), threads: 1, device: 'cpu' as const });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'graft-engine-'));
  writeTinyModel(join(root, 'tiny'));
  engine = startRealEngine();
  model = await openLanguageModel({ engine: engine.client, files: nodeFiles, open: openArguments('tiny') });
});

afterAll(() => {
  engine.client.dispose();
  rmSync(root, { recursive: true, force: true });
});

test('an opened model says what it is', () => {
  expect(model.info).toMatchObject({ name: 'tiny', family: 'qwen2', contextTokens: 512, writesSelfEdits: true });
  expect(model.info.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(model.info.engine).toMatch(/^onnxruntime 1\./);
});

test('the same request has the same answer, alone or among others', async () => {
  const item = (seed: number, temperature: number) => ({ prompt: example.prompt, adapter: null, maxTokens: 6, temperature, seed });
  const [alone] = await model.generate([item(1, 0)]);
  const among = await model.generate([item(2, 0.8), item(1, 0), item(3, 0.8), item(2, 0.8)]);
  expect(among[1]?.text).toBe(alone?.text);
  expect(among[3]).toEqual(among[0]);
  expect(alone?.meanLogProbability).toBeLessThan(0);
});

test('training makes the answer likelier, and saving and loading keeps what was learnt', async () => {
  const losses: number[] = [];
  const [trained] = await model.train([{ name: 'k', examples: [example], recipe, seed: 1, from: null }], {
    onProgress: ({ losses: [loss] }) => losses.push(loss ?? 0),
  });
  const adapter = trained?.adapter ?? '';
  const folder = join(root, 'version');
  await model.saveAdapter(adapter, folder, { 'graft.note': 'a test' });
  const loaded = await model.loadAdapter(folder);
  const half = await model.interpolate(null, adapter, 0.5);
  const [base, after, again, between] = await model.score([null, adapter, loaded, half].map((one) => ({ example, adapter: one })));
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.5);
  expect(after?.logProbability).toBeGreaterThan((base?.logProbability ?? 0) + 5);
  expect(again?.logProbability).toBeCloseTo(after?.logProbability ?? 0, 4);
  expect(between?.logProbability).toBeGreaterThan(base?.logProbability ?? 0);
  expect(between?.logProbability).toBeLessThan(after?.logProbability ?? 0);
  expect(existsSync(join(folder, 'adapter_config.json'))).toBe(true);
  for (const one of [adapter, loaded, half]) await model.release(one);
});

test('a cancelled training stops, and the engine goes on', async () => {
  const abort = new AbortController();
  const training = model.train([{ name: 'k', examples: [example], recipe: { ...recipe, epochs: 5000 }, seed: 1, from: null }], {
    onProgress: ({ step }) => step === 2 && abort.abort(),
    signal: abort.signal,
  });
  await expect(training).rejects.toMatchObject({ name: 'Cancelled' });
  expect(await model.score([{ example, adapter: null }])).toHaveLength(1);
});

test('a completion does not wait for the training that runs', async () => {
  const abort = new AbortController();
  let finished = false;
  let completed: Promise<unknown> | undefined;
  const training = model
    .train([{ name: 'k', examples: [example], recipe: { ...recipe, epochs: 5000 }, seed: 1, from: null }], {
      signal: abort.signal,
      onProgress: () => {
        completed ??= model.generate([{ prompt: example.prompt, adapter: null, maxTokens: 2, temperature: 0, seed: 1 }], { priority: 'completion' }).then((answer) => {
          expect(finished).toBe(false);
          abort.abort();
          return answer;
        });
      },
    })
    .finally(() => (finished = true));
  await expect(training).rejects.toMatchObject({ name: 'Cancelled' });
  expect(await completed).toHaveLength(1);
});

test('an engine killed in a training says so, restarts, and still has the saved adapters', async () => {
  const folder = join(root, 'kept');
  const [kept] = await model.train([{ name: 'k', examples: [example], recipe: { ...recipe, epochs: 3 }, seed: 1, from: null }]);
  await model.saveAdapter(kept?.adapter ?? '', folder);
  const [before] = await model.score([{ example, adapter: kept?.adapter ?? '' }]);
  const training = model.train([{ name: 'k', examples: [example], recipe: { ...recipe, epochs: 5000 }, seed: 1, from: null }], {
    onProgress: ({ step }) => step === 1 && engine.process().kill(),
  });
  await expect(training).rejects.toMatchObject({ code: 'engineCrashed', details: { signal: 'SIGKILL', trainingLost: true } });
  const [after] = await model.score([{ example, adapter: kept?.adapter ?? '' }]);
  expect(after?.logProbability).toBeCloseTo(before?.logProbability ?? 0, 5);
  expect(engine.crashes).toHaveLength(1);
});

describe('a damaged model folder', () => {
  const cases: [string, (folder: string) => void, string, RegExp][] = [
    ['no weights', (folder) => rmSync(join(folder, 'model.safetensors')), 'modelIncomplete', /lacks model\.safetensors/],
    ['a tokenizer of another model', (folder) => writeFileSync(join(folder, 'tokenizer.json'), enlargedTokenizer(folder)), 'tokenizerTooLarge', /tokenizer\.json has \d+ tokens/],
    ['a tokenizer that is no JSON', (folder) => writeFileSync(join(folder, 'tokenizer.json'), '{'), 'tokenizerUnreadable', /tokenizer\.json is damaged/],
    ['weights cut short', (folder) => writeFileSync(join(folder, 'model.safetensors'), readFileSync(join(folder, 'model.safetensors')).subarray(0, 5000)), 'model.weightsCorrupt', /damaged or cut short/],
    ['a config of another family', (folder) => writeFileSync(join(folder, 'config.json'), '{"model_type":"gpt2"}'), '', /./],
  ];
  test.each(cases)('with %s is refused with what to do, and the engine lives on', async (name, damage, code, message) => {
    const folder = `damaged ${name}`;
    writeTinyModel(join(root, folder));
    damage(join(root, folder));
    const other = startRealEngine();
    try {
      const failure: unknown = await openLanguageModel({ engine: other.client, files: nodeFiles, open: openArguments(folder) }).catch((error: unknown) => error);
      if (code !== '') expect(failure).toMatchObject({ code });
      expect((failure as Error).message).toMatch(message);
      expect((failure as { code?: string }).code).not.toBe('internal');
      expect((await other.client.open(openArguments('tiny'))).name).toBe('tiny');
      expect(other.crashes).toEqual([]);
    } finally {
      other.client.dispose();
    }
  });

  function enlargedTokenizer(folder: string): string {
    const json = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as { added_tokens: { id: number; content: string }[] };
    json.added_tokens.push({ id: 5000, content: '<|extra|>' });
    return JSON.stringify(json);
  }
});

test('an engine whose parent goes away ends', async () => {
  const process = forkProcess({
    modulePath: new URL('../support/forkEngineAndExit.ts', import.meta.url).pathname,
    execArgv: ['--import', 'tsx'],
    env: { PATH: globalThis.process.env['PATH'] ?? '' },
  });
  const pid = await new Promise<number>((resolve) => process.onMessage((message) => resolve((message as { pid: number }).pid)));
  process.kill();
  await expect.poll(() => isAlive(pid), { timeout: 20_000, interval: 100 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    globalThis.process.kill(pid, 0);
    // A zombie waits for its new parent to read its status: it runs no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.runIf(process.platform === 'linux')('on WebGPU without a GPU it says what to do, and opens on the CPU when asked to', async () => {
  const hidden = startRealEngine({ env: { VK_ICD_FILENAMES: '/dev/null', VK_DRIVER_FILES: '/dev/null' } });
  try {
    await expect(hidden.client.open({ ...openArguments('tiny'), device: 'webgpu' })).rejects.toMatchObject({
      code: 'onnxruntime.noDevice',
      message: expect.stringContaining('`graft.device`'),
    });
    expect((await hidden.client.open(openArguments('tiny'))).engine).toMatch(/ cpu$/);
    expect(hidden.crashes).toEqual([]);
  } finally {
    hidden.client.dispose();
  }
});
