// The bundled model in an engine process on WebGPU says what it says on the CPU: decoding, scoring, and what a training leaves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Example, Recipe } from '../../server/base/prompt.ts';
import { gpuEnvironment } from '../../server/gpuEnvironment.ts';
import { nodeFiles } from '../../server/host/nodeFiles.ts';
import type { LanguageModel } from '../../server/languageModel/languageModel.ts';
import { openLanguageModel } from '../../server/languageModel/openLanguageModel.ts';
import type { Device } from '../../server/protocol/engine.ts';
import { expectClose } from '../support/expectClose.ts';
import { startRealEngine, type RealEngine } from '../support/realEngine.ts';
import { tolerances } from '../support/tolerances.ts';

const modelFolder = fileURLToPath(new URL('../../models/starter', import.meta.url));
const recipe: Recipe = { learningRate: 2e-3, epochs: 2, loss: 'answers', replay: 0.15, rank: 4, mix: {}, augment: 'none' };
const examples: readonly Example[] = [
  { prompt: { kind: 'question', repository: 'shop', question: 'What does add return?' }, answer: 'return a + b;' },
  { prompt: { kind: 'fim', repository: 'shop', path: 'src/add.ts', prefix: 'export function add(a: number, b: number) {\n  ', suffix: '\n}\n', context: [] }, answer: 'return a + b;' },
];

const cacheFolder = mkdtempSync(join(tmpdir(), 'graft-gpu-'));
const engines: RealEngine[] = [];
let cpu: LanguageModel;
let webgpu: LanguageModel;

async function open(device: Device): Promise<LanguageModel> {
  const engine = startRealEngine({ env: gpuEnvironment() });
  engines.push(engine);
  return openLanguageModel({ engine: engine.client, files: nodeFiles, open: { modelFolder, cacheFolder, threads: 1, device } });
}

beforeAll(async () => {
  cpu = await open('cpu');
  webgpu = await open('webgpu');
});
afterAll(() => {
  for (const { client } of engines) client.dispose();
  rmSync(cacheFolder, { recursive: true, force: true });
});

test('it says where it runs', () => expect([cpu, webgpu].map(({ info }) => info.engine.split(' ').at(-1))).toEqual(['cpu', 'webgpu']));

test('greedy answers are the same, and as likely', async () => {
  const items = examples.map(({ prompt }) => ({ prompt, adapter: null, maxTokens: 8, temperature: 0, seed: 0 }));
  const [there, here] = [await webgpu.generate(items), await cpu.generate(items)];
  expect(there.map(({ text }) => text)).toEqual(here.map(({ text }) => text));
  expectClose(there.map((one) => one.meanLogProbability), here.map((one) => one.meanLogProbability), tolerances.logitsF32, 'mean log-probabilities');
});

test('answers score the same before and after a training', async () => {
  const run = async (model: LanguageModel) => {
    const before = await model.score(examples.map((example) => ({ example, adapter: null })));
    const losses: number[] = [];
    const [trained] = await model.train([{ name: 'k', examples: [...examples], recipe, seed: 1, from: null }], { onProgress: ({ losses: [loss] }) => losses.push(loss ?? 0) });
    const after = await model.score(examples.map((example) => ({ example, adapter: trained?.adapter ?? null })));
    return { losses, scores: [...before, ...after].map(({ logProbability }) => logProbability) };
  };
  const [there, here] = [await run(webgpu), await run(cpu)];
  expect(here.losses.at(-1)).toBeLessThan(here.losses[0] ?? 0);
  expectClose(there.losses, here.losses, tolerances.trainingLossF32, 'losses');
  expectClose(there.scores, here.scores, tolerances.logitsF32, 'log-probabilities');
});
