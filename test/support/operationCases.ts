// The table of operation cases that every executor is tested with: a graph of one operation (and its gradient, where it has one), feeds and
// weights. `operationCases` is data; the reference is checked against central differences, other executors against the reference.
import { Random } from '../../server/base/random.ts';
import { differentiate } from '../../server/engine/autodiff/differentiate.ts';
import type { Graph } from '../../server/engine/graph/graph.ts';
import { GraphBuilder } from '../../server/engine/graph/graphBuilder.ts';
import type { AttributesOf, InputsOf, OperationName } from '../../server/engine/graph/operations.ts';
import type { Value } from '../../server/engine/graph/value.ts';
import { verify } from '../../server/engine/graph/verify.ts';
import type { Tensor, Tensors, Weights } from '../../server/engine/runtime/runtime.ts';

export interface OperationCase {
  readonly title: string;
  readonly op: OperationName;
  /** Outputs by the operation's own names. */
  readonly graph: Graph;
  readonly feeds: Tensors;
  readonly weights: Extract<Weights, { kind: 'memory' }>;
  /** The same with the gradient of Σ seed_o * o as outputs `d.<input>`; takes further feeds `seed.<output>`. */
  readonly backward?: { readonly graph: Graph; readonly feeds: Tensors; readonly wrt: readonly string[]; readonly of: readonly string[] };
}

type Input =
  | { readonly kind: 'floats'; readonly dims: readonly (string | number)[]; readonly positive?: boolean }
  | { readonly kind: 'weight'; readonly dims: readonly number[] }
  | { readonly kind: 'integers'; readonly dims: readonly (string | number)[]; readonly values: readonly number[] };

interface Row {
  readonly title: string;
  readonly op: OperationName;
  readonly lengths: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly attributes?: object;
  /** Inputs whose gradients are checked, of the outputs named in `of`. */
  readonly wrt?: readonly string[];
  readonly of?: readonly string[];
}

const floats = (...dims: (string | number)[]): Input => ({ kind: 'floats', dims });
const positive = (...dims: (string | number)[]): Input => ({ kind: 'floats', dims, positive: true });
const weight = (...dims: number[]): Input => ({ kind: 'weight', dims });
const integers = (dims: (string | number)[], values: number[]): Input => ({ kind: 'integers', dims, values });

const grid = { K: 2, S: 2, T: 4 };
const positions = integers(['K', 'S', 'T'], [0, 1, 2, 3, 0, 1, 0, 1, 0, 1, 2, 0, 7, 8, 9, 10]);
/** One sequence; two that begin alike; two apart; one and padding. */
const seenUntil = integers(['K', 'S', 'T'], [4, 4, 4, 4, 4, 4, 3, 4, 2, 2, 4, 4, 3, 3, 3, 4]);
const heads = { queryHeads: 4, keyHeads: 2, headSize: 4 };
const slots = [
  { name: 'one.lora_A', offset: 0, rows: 3, columns: 2 },
  { name: 'one.lora_B', offset: 6, rows: 2, columns: 4 },
  { name: 'two.lora_A', offset: 14, rows: 1, columns: 2 },
];
const lossInputs = {
  x: floats('K', 'N', 6),
  weight: weight(11, 6),
  targets: integers(['K', 'N'], [4, 10, 0, 1, 6, 0]),
  weights: { kind: 'floats', dims: ['K', 'N'], positive: true } as const,
};

const rows: readonly Row[] = [
  {
    title: 'Embedding looks rows up',
    op: 'Embedding',
    lengths: { K: 1, S: 2, T: 3 },
    inputs: { tokens: integers(['K', 'S', 'T'], [0, 4, 2, 2, 1, 4]), table: weight(5, 3) },
  },
  {
    title: 'RmsNorm normalises rows',
    op: 'RmsNorm',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 6), weight: weight(6) },
    attributes: { epsilon: 1e-6 },
    wrt: ['x'],
    of: ['normed'],
  },
  {
    title: 'RmsNorm adds the residual, and both results carry gradients',
    op: 'RmsNorm',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 6), weight: weight(6), residual: floats('K', 'S', 'T', 6) },
    attributes: { epsilon: 1e-2 },
    wrt: ['x', 'residual'],
    of: ['normed', 'sum'],
  },
  {
    title: 'RmsNorm normalises each head on its own',
    op: 'RmsNorm',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 12), weight: weight(4) },
    attributes: { epsilon: 1e-6 },
    wrt: ['x'],
    of: ['normed'],
  },
  {
    title: 'LoraLinear with bias and an adapter per candidate',
    op: 'LoraLinear',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 6), weight: weight(5, 6), bias: weight(5), a: floats('K', 6, 2), b: floats('K', 2, 5), scale: positive('K') },
    wrt: ['x', 'a', 'b'],
    of: ['output'],
  },
  {
    title: 'LoraLinear passes no gradient to an input that needs none',
    op: 'LoraLinear',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 6), weight: weight(5, 6), a: floats('K', 6, 2), b: floats('K', 2, 5), scale: positive('K') },
    wrt: ['a', 'b'],
    of: ['output'],
  },
  {
    title: 'LoraLinear with adapters merged into the weight',
    op: 'LoraLinear',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 6), weight: weight(5, 6), bias: weight(5), a: floats('K', 6, 2), b: floats('K', 2, 5), scale: positive('K') },
    attributes: { merged: true },
  },
  {
    title: 'LoraLinear without adapters',
    op: 'LoraLinear',
    lengths: { K: 2, S: 3 },
    inputs: { x: floats('K', 'S', 6), weight: weight(5, 6) },
    wrt: ['x'],
    of: ['output'],
  },
  {
    title: 'Rope rotates by position',
    op: 'Rope',
    lengths: grid,
    inputs: { x: floats('K', 'S', 'T', 12), positions },
    attributes: { frequencies: [1, 0.1, 0.01], inverse: false },
    wrt: ['x'],
    of: ['output'],
  },
  {
    title: 'CausalAttention along the paths of packed sequences, with grouped heads',
    op: 'CausalAttention',
    lengths: grid,
    inputs: { q: floats('K', 'S', 'T', 16), k: floats('K', 'S', 'T', 8), v: floats('K', 'S', 'T', 8), seenUntil },
    attributes: heads,
    wrt: ['q', 'k', 'v'],
    of: ['output'],
  },
  {
    title: 'CausalAttention in whole rows',
    op: 'CausalAttention',
    lengths: grid,
    inputs: { q: floats('K', 'S', 'T', 8), k: floats('K', 'S', 'T', 8), v: floats('K', 'S', 'T', 8) },
    attributes: { queryHeads: 2, keyHeads: 2, headSize: 4 },
    wrt: ['q', 'k', 'v'],
    of: ['output'],
  },
  {
    title: 'CausalAttention over a cache with rows that start late',
    op: 'CausalAttention',
    lengths: { K: 2, S: 2, T: 2, P: 3 },
    inputs: {
      q: floats('K', 'S', 'T', 16),
      k: floats('K', 'S', 'T', 8),
      v: floats('K', 'S', 'T', 8),
      pastKeys: floats('P', 'K', 'S', 8),
      pastValues: floats('P', 'K', 'S', 8),
      starts: integers(['K', 'S'], [0, 2, 3, 4]),
    },
    attributes: heads,
  },
  {
    title: 'CausalAttention over a cache that is all padding',
    op: 'CausalAttention',
    lengths: { K: 1, S: 2, T: 3, P: 1 },
    inputs: {
      q: floats('K', 'S', 'T', 16),
      k: floats('K', 'S', 'T', 8),
      v: floats('K', 'S', 'T', 8),
      pastKeys: floats('P', 'K', 'S', 8),
      pastValues: floats('P', 'K', 'S', 8),
      starts: integers(['K', 'S'], [1, 3]),
    },
    attributes: heads,
  },
  { title: 'SwiGlu', op: 'SwiGlu', lengths: grid, inputs: { gate: floats('K', 'S', 'T', 5), up: floats('K', 'S', 'T', 5) }, wrt: ['gate', 'up'], of: ['output'] },
  { title: 'Add', op: 'Add', lengths: grid, inputs: { a: floats('K', 'S', 'T', 5), b: floats('K', 'S', 'T', 5) }, wrt: ['a', 'b'], of: ['output'] },
  { title: 'LmHeadLoss is each candidate’s own mean', op: 'LmHeadLoss', lengths: { K: 2, N: 3 }, inputs: lossInputs, attributes: { chunkRows: 64 }, wrt: ['x'], of: ['losses'] },
  { title: 'LmHeadLoss in chunks smaller than its rows', op: 'LmHeadLoss', lengths: { K: 2, N: 3 }, inputs: lossInputs, attributes: { chunkRows: 4 }, wrt: ['x'], of: ['losses'] },
  {
    title: 'AdapterSplit and its gradient AdapterJoin',
    op: 'AdapterSplit',
    lengths: { K: 3 },
    inputs: { flat: floats('K', 16) },
    attributes: { slots },
    wrt: ['flat'],
    of: slots.map((slot) => slot.name),
  },
  { title: 'ClipByNorm', op: 'ClipByNorm', lengths: { K: 3 }, inputs: { gradient: floats('K', 9), maxNorm: positive('K') } },
  {
    title: 'AdamW with a step count per candidate',
    op: 'AdamW',
    lengths: { K: 2 },
    inputs: {
      parameter: floats('K', 7),
      gradient: floats('K', 7),
      firstMoment: floats('K', 7),
      secondMoment: positive('K', 7),
      learningRate: positive('K'),
      weightDecay: positive('K'),
      step: integers(['K'], [1, 17]),
    },
    attributes: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  },
  ...(['cosine', 'linear', 'constant'] as const).map((kind): Row => ({
    title: `Schedule ${kind} with warm-up`,
    op: 'Schedule',
    lengths: { K: 4 },
    inputs: {
      step: integers(['K'], [1, 3, 7, 30]),
      steps: integers(['K'], [10, 3, 20, 30]),
      warmup: integers(['K'], [2, 0, 4, 3]),
      peak: positive('K'),
    },
    attributes: { kind },
  })),
  { title: 'Cast to integers truncates', op: 'Cast', lengths: { K: 2 }, inputs: { x: floats('K', 8) }, attributes: { dtype: 'i32' } },
  { title: 'KvAppend makes time the first dimension', op: 'KvAppend', lengths: grid, inputs: { fresh: floats('K', 'S', 'T', 3) } },
  {
    title: 'TakeRows takes a row as often as it is asked for',
    op: 'TakeRows',
    lengths: { ...grid, N: 3 },
    inputs: { x: floats('K', 'S', 'T', 6), rows: integers(['K', 'N'], [5, 3, 5, 2, 7, 0]) },
    wrt: ['x'],
    of: ['output'],
  },
  { title: 'LastToken', op: 'LastToken', lengths: grid, inputs: { x: floats('K', 'S', 'T', 3) } },
  { title: 'TopK with log-sum-exp', op: 'TopK', lengths: { K: 2, S: 3 }, inputs: { x: floats('K', 'S', 17) }, attributes: { count: 4 } },
];

export const operationCases: readonly OperationCase[] = rows.map(caseOf);

function caseOf(row: Row): OperationCase {
  const random = new Random(row.title);
  const builder = new GraphBuilder(row.op);
  const feeds: Record<string, Tensor> = {};
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const inputs: Record<string, Value> = {};
  for (const [name, input] of Object.entries(row.inputs)) {
    const shape = input.dims.map((dim) => (typeof dim === 'number' ? dim : (row.lengths[dim] ?? Number.NaN)));
    const count = shape.reduce((product, dim) => product * dim, 1);
    if (input.kind === 'integers') {
      inputs[name] = builder.input(name, 'i32', input.dims);
      feeds[name] = { dtype: 'i32', shape, data: Int32Array.from(input.values) };
      continue;
    }
    const data = Float32Array.from({ length: count }, () => (input.kind === 'floats' && input.positive === true ? 0.1 + random.next() : random.normal()));
    if (input.kind === 'weight') {
      inputs[name] = builder.constant(name, input.dims);
      weights.set(name, { shape, data });
    } else {
      inputs[name] = builder.input(name, 'f32', input.dims);
      feeds[name] = { dtype: 'f32', shape, data };
    }
  }
  const outputs = apply(builder, row.op, inputs, row.attributes ?? {});
  const graph = verify(builder.build(outputs));
  const backward = row.wrt === undefined ? undefined : backwardOf(row, graph, { outputs, inputs, feeds, random });
  return { title: row.title, op: row.op, graph, feeds, weights: { kind: 'memory', tensors: weights }, ...(backward !== undefined && { backward }) };
}

function apply<Op extends OperationName>(builder: GraphBuilder, op: Op, inputs: object, attributes: object): Record<string, Value> {
  return builder.apply(op, inputs as InputsOf<Op>, attributes as AttributesOf<Op>) as Record<string, Value>;
}

function backwardOf(
  { wrt = [], of = [], lengths }: Row,
  graph: Graph,
  { outputs, inputs, feeds, random }: { outputs: Record<string, Value>; inputs: Record<string, Value>; feeds: Record<string, Tensor>; random: Random },
): NonNullable<OperationCase['backward']> {
  const builder = GraphBuilder.continueFrom(graph, `${graph.name} backward`);
  const all = { ...feeds };
  const seeds = of.map((name) => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`no output ${name}`);
    const shape = value.shape.map((dim) => (typeof dim === 'number' ? dim : (lengths[dim] ?? Number.NaN)));
    const data = Float32Array.from({ length: shape.reduce((product, dim) => product * dim, 1) }, () => random.normal());
    all[`seed.${name}`] = { dtype: 'f32', shape, data };
    return { of: value, gradient: builder.input(`seed.${name}`, 'f32', value.shape) };
  });
  const targets = Object.fromEntries(wrt.map((name) => [`d.${name}`, inputs[name] as Value]));
  return { graph: differentiate(builder.build(graph.outputs), { seeds, wrt: targets }), feeds: all, wrt, of };
}
