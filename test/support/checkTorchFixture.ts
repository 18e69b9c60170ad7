// What every executor must reproduce of a torch fixture: losses, gradients, decoding through a cache, ten training steps; and that the layout of
// the work (packed or not, candidates together or not) changes nothing. test/model runs it on the reference and on onnxruntime.
import { expect } from 'vitest';
import { decodingGraph } from '../../server/engine/model/decodingGraph.ts';
import { scoringGraph } from '../../server/engine/model/lossGraph.ts';
import { trainingGraph } from '../../server/engine/model/trainingGraph.ts';
import { adapterLayout, type AdapterLayout } from '../../server/engine/lora/adapterLayout.ts';
import { stackAdapters, type FlatAdapter } from '../../server/engine/lora/flatAdapter.ts';
import { adamWStep, newAdamWState } from '../../server/engine/optim/adamW.ts';
import { clipByNorm } from '../../server/engine/optim/clipByNorm.ts';
import { learningRateAt } from '../../server/engine/optim/learningRate.ts';
import type { Executable, Runtime, Tensor, Tensors } from '../../server/engine/runtime/runtime.ts';
import { expectClose } from './expectClose.ts';
import { packExamples, type PackOptions } from './packExamples.ts';
import { tolerances } from './tolerances.ts';
import type { TorchCandidate, TorchFixture } from './torchFixture.ts';

const packed: PackOptions = { rowTokens: 16, layout: 'packed' };
const greedyTokens = 6;
const alone: PackOptions = { rowTokens: 13, layout: 'alone' };

/** Loss, log-probabilities and gradient of both candidates in one packed batch, against torch one sequence at a time. */
export async function checkLossAndGradient(runtime: Runtime, fixture: TorchFixture): Promise<void> {
  const outputs = await trainOnce(runtime, fixture, fixture.candidates, packed);
  for (const [k, candidate] of fixture.candidates.entries()) {
    expectClose(row(outputs['losses'], k), [candidate.loss], tolerances.lossF32, `loss ${k}`);
    expectClose(row(outputs['logProbabilities'], k).slice(0, candidate.logProbabilities.length), candidate.logProbabilities, tolerances.logitsF32, `log-probabilities ${k}`);
    expectClose(row(outputs['gradient'], k), candidate.gradient, tolerances.gradientF32, `gradient ${k}`);
  }
}

/** The scoring graph is the training graph without its gradient. */
export async function checkScoring(runtime: Runtime, fixture: TorchFixture): Promise<void> {
  const executable = await runtime.compile(scoringGraph(fixture.config, { layout: layoutOf(fixture) }), fixture.weights, { purpose: 'scoring' });
  const outputs = await executable.run(lossFeeds(fixture, fixture.candidates, packed));
  await executable.dispose();
  for (const [k, candidate] of fixture.candidates.entries()) {
    expectClose(row(outputs['logProbabilities'], k).slice(0, candidate.logProbabilities.length), candidate.logProbabilities, tolerances.logitsF32, `log-probabilities ${k}`);
  }
}

export async function checkLayouts(runtime: Runtime, fixture: TorchFixture): Promise<void> {
  const together = await trainOnce(runtime, fixture, fixture.candidates, packed);
  const unpacked = await trainOnce(runtime, fixture, fixture.candidates, alone);
  for (const [k, candidate] of fixture.candidates.entries()) {
    const single = await trainOnce(runtime, fixture, [candidate], packed);
    for (const name of ['losses', 'gradient']) {
      expectClose(row(unpacked[name], k), row(together[name], k), tolerances.layoutF32, `unpacked ${name} ${k}`);
      expectClose(row(single[name], 0), row(together[name], k), tolerances.layoutF32, `single ${name} ${k}`);
    }
  }
}

/** Prompts of unequal length, all candidates in one batch, read at once and then continued token by token through the cache. */
export async function checkDecoding(runtime: Runtime, fixture: TorchFixture): Promise<void> {
  const layout = layoutOf(fixture);
  const logits = await runtime.compile(decodingGraph(fixture.config, { layout }), fixture.weights, { purpose: 'decoding' });
  const best = await runtime.compile(decodingGraph(fixture.config, { layout, topCount: 3 }), fixture.weights, { purpose: 'decoding' });
  const [first, ...generated] = await decodeGreedily({ fixture, logits, best });
  for (const [k, candidate] of fixture.candidates.entries()) {
    for (const [s, expected] of candidate.greedy.entries()) {
      const rowIndex = k * rowCount(fixture) + s;
      expectClose(last(first?.['logits'], rowIndex), candidate.lastLogits[s] ?? [], tolerances.logitsF32, `logits ${k}.${s}`);
      const tokens = [argmax(last(first?.['logits'], rowIndex)), ...generated.map((outputs) => last(outputs['indices'], rowIndex)[0])];
      expect(tokens, `greedy ${k}.${s}`).toEqual(expected);
    }
  }
}

export async function checkTraining(runtime: Runtime, fixture: TorchFixture): Promise<void> {
  const layout = layoutOf(fixture);
  const executable = await runtime.compile(trainingGraph(fixture.config, { layout, trained: layout.slots }), fixture.weights, { purpose: 'training' });
  const trainees = fixture.candidates.map((candidate) => ({
    candidate,
    adapter: { ...candidate.adapter, values: candidate.adapter.values.slice() },
    state: newAdamWState(layout.size),
    losses: [] as number[],
    norms: [] as number[],
  }));
  for (let step = 1; step <= fixture.steps; step++) {
    const outputs = await executable.run({ ...packExamples(fixture.candidates.map(({ examples }) => examples), packed), ...adapterFeeds(layout, trainees.map(({ adapter }) => adapter)) });
    for (const [k, { candidate, adapter, state, losses, norms }] of trainees.entries()) {
      const gradient = Float32Array.from(row(outputs['gradient'], k));
      const { peak, maxNorm, weightDecay } = candidate;
      norms.push(clipByNorm(gradient, maxNorm));
      losses.push(row(outputs['losses'], k)[0] ?? Number.NaN);
      const learningRate = learningRateAt({ kind: 'cosine', peak, steps: fixture.steps, warmupSteps: fixture.warmupSteps }, step);
      adamWStep(adapter.values, gradient, state, { learningRate, weightDecay });
    }
  }
  await executable.dispose();
  for (const [k, { candidate, adapter, losses, norms }] of trainees.entries()) {
    expectClose(losses, candidate.trainingLosses ?? [], tolerances.trainingLossF32, `losses of candidate ${k}`);
    expectClose(norms, candidate.gradientNorms ?? [], tolerances.trainingNormF32, `gradient norms of candidate ${k}`);
    expectClose(adapter.values, candidate.trained ?? [], tolerances.trainedAdapterF32, `trained adapter ${k}`);
  }
}

function layoutOf(fixture: TorchFixture): AdapterLayout {
  return adapterLayout(fixture.linears, fixture.candidates[0]?.adapter.rank ?? 0);
}

async function trainOnce(runtime: Runtime, fixture: TorchFixture, candidates: readonly TorchCandidate[], options: PackOptions): Promise<Tensors> {
  const executable = await runtime.compile(trainingGraph(fixture.config, { layout: layoutOf(fixture), trained: layoutOf(fixture).slots, chunkRows: 8 }), fixture.weights, { purpose: 'training' });
  const outputs = await executable.run(lossFeeds(fixture, candidates, options));
  await executable.dispose();
  return outputs;
}

function lossFeeds(fixture: TorchFixture, candidates: readonly TorchCandidate[], options: PackOptions): Tensors {
  return { ...packExamples(candidates.map(({ examples }) => examples), options), ...adapterFeeds(layoutOf(fixture), candidates.map(({ adapter }) => adapter)) };
}

function adapterFeeds(layout: AdapterLayout, adapters: readonly FlatAdapter[]): Tensors {
  const { values, scale } = stackAdapters(layout, adapters);
  return {
    adapters: { dtype: 'f32', shape: [adapters.length, layout.size], data: values },
    scale: { dtype: 'f32', shape: [adapters.length], data: scale },
  };
}

/** Outputs of each step: the first from whole prompts (logits), then one per generated token (best tokens). */
async function decodeGreedily({ fixture, logits, best }: { fixture: TorchFixture; logits: Executable; best: Executable }): Promise<Tensors[]> {
  const [K, S] = [fixture.candidates.length, rowCount(fixture)];
  const prompts = fixture.candidates.flatMap(({ examples }) => Array.from({ length: S }, (_, s) => (examples[s] ?? examples[0])?.ids ?? []));
  const longest = Math.max(...prompts.map((ids) => ids.length));
  // The cache begins with one column of padding.
  const starts = prompts.map((ids) => 1 + longest - ids.length);
  const shared = { starts: integers(starts, [K, S]), ...adapterFeeds(layoutOf(fixture), fixture.candidates.map(({ adapter }) => adapter)) };
  const width = fixture.config.keyHeads * fixture.config.headSize;
  const cache = new Map(cacheNames(fixture).map((name) => [name, new Float32Array(K * S * width)]));
  const steps: Tensors[] = [];
  let columns = prompts.map((ids) => [...Array.from({ length: longest - ids.length }, () => 0), ...ids]);
  let past = 1;
  while (steps.length < greedyTokens) {
    const T = columns[0]?.length ?? 0;
    const positions = columns.flatMap((ids, rowIndex) => ids.map((_, t) => Math.max(0, past + t - (starts[rowIndex] ?? 0))));
    const outputs = await (past === 1 ? logits : best).run({
      ...shared,
      tokens: integers(columns.flat(), [K, S, T]),
      positions: integers(positions, [K, S, T]),
      ...Object.fromEntries([...cache].map(([name, data]): [string, Tensor] => [`past${name}`, { dtype: 'f32', shape: [past, K, S, width], data }])),
    });
    for (const [name, data] of cache) cache.set(name, Float32Array.from([...data, ...(outputs[`delta${name}`]?.data ?? [])]));
    steps.push(outputs);
    past += T;
    columns = nextColumns(outputs);
  }
  return steps;
}

function cacheNames({ config }: TorchFixture): string[] {
  return Array.from({ length: config.nLayers }, (_, layerIndex) => [`Keys_${layerIndex}`, `Values_${layerIndex}`]).flat();
}

function nextColumns(outputs: Tensors): number[][] {
  const tensor = outputs['indices'] ?? outputs['logits'];
  const rows = (tensor?.shape[0] ?? 0) * (tensor?.shape[1] ?? 0);
  return Array.from({ length: rows }, (_, rowIndex) => {
    const values = last(tensor, rowIndex);
    return [outputs['indices'] === undefined ? argmax(values) : (values[0] ?? -1)];
  });
}

function rowCount(fixture: TorchFixture): number {
  return Math.max(...fixture.candidates.map(({ examples }) => examples.length));
}

/** Everything of candidate k. */
function row(tensor: Tensor | undefined, k: number): number[] {
  const length = (tensor?.data.length ?? 0) / (tensor?.shape[0] ?? 1);
  return Array.from(tensor?.data.subarray(k * length, (k + 1) * length) ?? []);
}

/** A row of the last dimension. */
function last(tensor: Tensor | undefined, index: number): number[] {
  const length = tensor?.shape.at(-1) ?? 0;
  return Array.from(tensor?.data.subarray(index * length, (index + 1) * length) ?? []);
}

function argmax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function integers(values: readonly number[], shape: readonly number[]): Tensor {
  return { dtype: 'i32', shape, data: Int32Array.from(values) };
}
