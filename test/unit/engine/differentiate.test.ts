// Differentiation of whole models: right, confined to what is adapted, and explicit about what it keeps.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { outputsOf, type Graph } from '../../../server/engine/graph/graph.ts';
import { optionalOutputs } from '../../../server/engine/graph/operations.ts';
import { adapterLayout, type AdapterLayout, type LinearModule } from '../../../server/engine/lora/adapterLayout.ts';
import { scoringGraph } from '../../../server/engine/model/lossGraph.ts';
import type { ModelConfig } from '../../../server/engine/model/modelConfig.ts';
import { adaptedLinears } from '../../../server/engine/model/modelTensors.ts';
import { trainingGraph } from '../../../server/engine/model/trainingGraph.ts';
import { evaluate } from '../../../server/engine/runtime/reference/evaluate.ts';
import type { ReferenceTensor } from '../../../server/engine/runtime/reference/tensor.ts';
import { expectClose } from '../../support/expectClose.ts';
import { packExamples } from '../../support/packExamples.ts';
import { tinyConfig, tinyExamples, tinyWeights } from '../../support/tinyWeights.ts';
import { tolerances } from '../../support/tolerances.ts';

const models: readonly (readonly [string, ModelConfig])[] = [
  ['qwen2, tied head', tinyConfig()],
  ['qwen3, own head', tinyConfig({ model_type: 'qwen3', tie_word_embeddings: false })],
  ['llama with biases', tinyConfig({ model_type: 'llama', attention_bias: true })],
];

describe.each(models)('the training graph of %s', (_name, config) => {
  it('has the gradient that central differences give', () => checkGradient(config, adapterLayout(adaptedLinears(config), 2)));
});

describe('the training graph', () => {
  const config = tinyConfig();

  it('is right where only some layers and projections are adapted', () => {
    const some = (linears: LinearModule[], kept: RegExp): LinearModule[] => linears.filter(({ name }) => kept.test(name));
    for (const kept of [/layers\.1\./, /[qv]_proj/, /layers\.0\.mlp\.down/]) checkGradient(config, adapterLayout(some(adaptedLinears(config), kept), 2));
  });

  it('computes no gradient below the first adapted layer', () => {
    const layout = adapterLayout(adaptedLinears(config), 2);
    const graph = trainingGraph(config, { layout, trained: layout.slots });
    const withoutDx = graph.nodes.flatMap((node) => (node.op === 'LoraLinearGrad' && node.outputs.dx === undefined ? [node.inputs.weight.name] : []));
    expect(withoutDx.sort()).toEqual(['k', 'q', 'v'].map((which) => `model.layers.0.self_attn.${which}_proj.weight`));
    expect(gradOperations(graph)).toMatchObject({ RmsNormGrad: 4, CausalAttentionGrad: 2, LoraLinearGrad: 14, SwiGluGrad: 2, TakeRowsGrad: 1 });

    const top = adapterLayout(adaptedLinears(config).filter(({ name }) => name.includes('layers.1.mlp')), 2);
    expect(gradOperations(trainingGraph(config, { layout: top, trained: top.slots }))).toEqual({ TakeRowsGrad: 1, RmsNormGrad: 1, LoraLinearGrad: 3, SwiGluGrad: 1 });
  });

  it('gives of some slots what it gives of all, and computes nothing for the others', () => {
    const layout = adapterLayout(adaptedLinears(config), 2);
    const trained = layout.modules.map(({ b }) => b);
    const graph = trainingGraph(config, { layout, trained });
    expect(graph.nodes.filter((node) => node.op === 'LoraLinearGrad' && node.outputs.dA !== undefined)).toEqual([]);
    const feeds = gradientFeeds(config, layout);
    const [all, some] = [trainingGraph(config, { layout, trained: layout.slots }), graph].map((each) => evaluate(each, feeds, 'f64')['gradient']);
    const picked = [0, 1].flatMap((k) => trained.flatMap(({ offset, rows, columns }) => Array.from(all?.data.subarray(k * layout.size + offset, k * layout.size + offset + rows * columns) ?? [])));
    expect(Array.from(some?.data ?? [])).toEqual(picked);
    expect(picked.some((value) => value !== 0)).toBe(true);
  });

  it('takes the rows that have a loss at the end, scoring before the last layer projects anything of the others', () => {
    const layout = adapterLayout(adaptedLinears(config), 2);
    const last = (graph: Graph) => graph.nodes.flatMap((node) => (node.op === 'LoraLinear' && /layers\.1\.(self_attn\.o|mlp)/.test(node.inputs.weight.name) ? [node] : []));
    const [trained, scored] = [trainingGraph(config, { layout, trained: layout.slots }), scoringGraph(config, { layout })].map(last);
    expect(trained?.map(({ inputs, attributes }) => [inputs.x.shape.length, attributes.merged])).toEqual(Array.from({ length: 4 }, () => [4, undefined]));
    expect(scored?.map(({ inputs, attributes }) => [inputs.x.shape[1], attributes.merged])).toEqual(Array.from({ length: 4 }, () => ['N', true]));
  });

  it('saves outputs that scoring does not have', () => {
    expect(savedOutputs(scoringGraph(config))).toEqual([]);
    const layout = adapterLayout(adaptedLinears(config), 2);
    const saved = savedOutputs(trainingGraph(config, { layout, trained: layout.slots }));
    expect(saved.filter((output) => output === 'LoraLinear.down')).toHaveLength(14);
    expect(new Set(saved)).toEqual(new Set(['LoraLinear.down', 'RmsNorm.inverseRms', 'CausalAttention.logSumExp', 'LmHeadLoss.rowGradients']));
  });
});

/** Both candidates at once: each candidate's gradient is that of the sum of losses, as their losses do not mix. */
function checkGradient(config: ModelConfig, layout: AdapterLayout): void {
  const random = new Random('places');
  const candidates = tinyExamples.length;
  const feeds = gradientFeeds(config, layout);
  const gradient = evaluate(trainingGraph(config, { layout, trained: layout.slots }), feeds, 'f64')['gradient']?.data ?? [];
  const score = scoringGraph(config, { layout });
  const adapters = Float64Array.from(feeds['adapters']?.data ?? []);
  const loss = (index: number, by: number): number => {
    const data = adapters.with(index, (adapters[index] ?? 0) + by);
    const losses = evaluate(score, { ...feeds, adapters: { shape: [candidates, layout.size], data } }, 'f64')['losses']?.data ?? [];
    return Array.from(losses).reduce((sum, each) => sum + each, 0);
  };
  const step = 1e-4;
  const indices = Array.from({ length: 40 }, () => random.int(adapters.length));
  const expected = indices.map((index) => (loss(index, step) - loss(index, -step)) / (2 * step));
  expectClose(indices.map((index) => gradient[index] ?? Number.NaN), expected, tolerances.modelDifferencesF64, `gradient of ${layout.modules.length} modules`);
}

function gradientFeeds(config: ModelConfig, layout: AdapterLayout): Record<string, ReferenceTensor> {
  const random = new Random('gradient');
  const candidates = tinyExamples.length;
  return {
    ...widened(Object.fromEntries(tinyWeights(config).tensors)),
    ...widened(packExamples(tinyExamples, { rowTokens: 8, layout: 'packed' })),
    adapters: { shape: [candidates, layout.size], data: Float64Array.from({ length: candidates * layout.size }, () => 0.3 * random.normal()) },
    scale: { shape: [candidates], data: Float64Array.of(2, 0.5) },
  };
}

function widened(tensors: Readonly<Record<string, ReferenceTensor>>): Record<string, ReferenceTensor> {
  const widen = (data: ReferenceTensor['data']): ReferenceTensor['data'] => (data instanceof Float32Array ? Float64Array.from(data) : data);
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: widen(data) }]));
}

function gradOperations(graph: Graph): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of graph.nodes) if (op.endsWith('Grad')) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

function savedOutputs(graph: Graph): string[] {
  return graph.nodes.filter((node) => !node.op.endsWith('Grad')).flatMap((node) => {
    const optional: readonly string[] = optionalOutputs[node.op] ?? [];
    return outputsOf(node).flatMap(([name]) => (optional.includes(name) ? [`${node.op}.${name}`] : []));
  });
}
