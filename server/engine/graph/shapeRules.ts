// The shape rule of every operation: types of all outputs that these inputs allow, optional ones included. Throws `ShapeError` on inputs that
// do not fit. Symbols are equal only to themselves, so a graph that passes is right for every length.
import { assert } from '../../base/assert.ts';
import type { AdapterSlot, AttributesOf, InputsOf, OperationName } from './operations.ts';
import { printShape, sameShape, type DType, type Dim, type TensorType, type Value } from './value.ts';

export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

type ShapeRule<Op extends OperationName> = (inputs: InputsOf<Op>, attributes: AttributesOf<Op>) => Readonly<Record<string, TensorType>>;

export const shapeRules: { readonly [Op in OperationName]: ShapeRule<Op> } = {
  Embedding({ tokens, table }) {
    const [k, s, t] = dims(tokens, 'tokens', 3, 'i32');
    const [, h] = dims(table, 'table', 2);
    return { output: f32(k, s, t, h) };
  },

  RmsNorm({ x, weight, residual }) {
    if (residual !== undefined) same(residual, x, 'residual', 'x');
    return { normed: like(x), ...(residual !== undefined && { sum: like(x) }), inverseRms: groupsOf(x, weight) };
  },
  RmsNormGrad({ dNormed, dSum, x, weight, inverseRms }) {
    same(dNormed, x, 'dNormed', 'x');
    if (dSum !== undefined) same(dSum, x, 'dSum', 'x');
    expect(inverseRms, 'inverseRms', groupsOf(x, weight));
    return { dx: like(x) };
  },

  LoraLinear({ x, weight, bias, a, b, scale }) {
    const [out, into] = dims(weight, 'weight', 2);
    equal(last(x), into, 'x and weight: inner dimension');
    if (bias !== undefined) expect(bias, 'bias', f32(out));
    const rank = adapterRank({ x, weight, a, b, scale });
    return { output: resized(x, out), ...(rank !== undefined && { down: resized(x, rank) }) };
  },
  LoraLinearGrad({ dOutput, x, weight, a, b, scale, down }) {
    const [out, into] = dims(weight, 'weight', 2);
    expect(dOutput, 'dOutput', resized(x, out));
    const rank = adapterRank({ x, weight, a, b, scale });
    check((rank === undefined) === (down === undefined), 'down goes with a, b and scale');
    if (rank === undefined) return { dx: like(x) };
    if (down !== undefined) expect(down, 'down', resized(x, rank));
    const k = first(x);
    return { dx: like(x), dA: f32(k, into, rank), dB: f32(k, rank, out) };
  },

  Rope({ x, positions }, { frequencies }) {
    const [k, s, t, width] = dims(x, 'x', 4);
    expect(positions, 'positions', { dtype: 'i32', shape: [k, s, t] });
    multiple(width, 2 * frequencies.length, 'width of x', 'head size');
    return { output: like(x) };
  },

  CausalAttention({ q, k, v, seenUntil, pastKeys, pastValues, starts }, attributes) {
    const [candidates, rows, tokens] = headShapes({ q, k, v, seenUntil }, attributes);
    const given = [pastKeys, pastValues, starts].filter((value) => value !== undefined).length;
    check(given === 0 || given === 3, 'pastKeys, pastValues and starts come together');
    check(given === 0 || seenUntil === undefined, 'seenUntil and a past exclude each other');
    if (pastKeys !== undefined && pastValues !== undefined && starts !== undefined) {
      const [past] = dims(pastKeys, 'pastKeys', 4);
      expect(pastKeys, 'pastKeys', f32(past, candidates, rows, last(k)));
      expect(pastValues, 'pastValues', f32(past, candidates, rows, last(k)));
      expect(starts, 'starts', { dtype: 'i32', shape: [candidates, rows] });
    }
    return { output: like(q), logSumExp: f32(candidates, rows, attributes.queryHeads, tokens) };
  },
  CausalAttentionGrad({ dOutput, q, k, v, seenUntil, output, logSumExp }, attributes) {
    const [candidates, rows, tokens] = headShapes({ q, k, v, seenUntil }, attributes);
    same(dOutput, q, 'dOutput', 'q');
    same(output, q, 'output', 'q');
    expect(logSumExp, 'logSumExp', f32(candidates, rows, attributes.queryHeads, tokens));
    return { dQ: like(q), dK: like(k), dV: like(v) };
  },

  SwiGlu({ gate, up }) {
    same(up, gate, 'up', 'gate');
    return { output: like(gate) };
  },
  SwiGluGrad({ dOutput, gate, up }) {
    same(up, gate, 'up', 'gate');
    same(dOutput, gate, 'dOutput', 'gate');
    return { dGate: like(gate), dUp: like(gate) };
  },

  Add({ a, b }) {
    same(b, a, 'b', 'a');
    return { output: like(a) };
  },

  LmHeadLoss({ x, weight, targets, weights }, { chunkRows }) {
    check(Number.isInteger(chunkRows) && chunkRows > 0, 'chunkRows is a positive integer');
    const [k, n, h] = dims(x, 'x', 3);
    const [, hidden] = dims(weight, 'weight', 2);
    equal(h, hidden, 'x and weight: hidden size');
    expect(targets, 'targets', { dtype: 'i32', shape: [k, n] });
    expect(weights, 'weights', f32(k, n));
    return { losses: f32(k), logProbabilities: f32(k, n), rowGradients: f32(k, n, h) };
  },
  LmHeadLossGrad({ dLosses, rowGradients }) {
    const [k] = dims(rowGradients, 'rowGradients', 3);
    expect(dLosses, 'dLosses', f32(k));
    return { dx: like(rowGradients) };
  },

  Cast({ x }, { dtype }) {
    return { output: { dtype, shape: x.shape } };
  },

  AdapterSplit({ flat }, { slots }) {
    const [k, size] = dims(flat, 'flat', 2);
    equal(size, sizeOf(slots), 'size of flat and of its slots');
    return Object.fromEntries(slots.map((slot) => [slot.name, f32(k, slot.rows, slot.columns)]));
  },
  AdapterJoin(parts, { slots }) {
    const candidates = first(present(parts[slots[0]?.name ?? ''], 'first slot'));
    for (const slot of slots) expect(present(parts[slot.name], slot.name), slot.name, f32(candidates, slot.rows, slot.columns));
    check(Object.keys(parts).length === slots.length, 'one input per slot');
    return { flat: f32(candidates, sizeOf(slots)) };
  },

  ClipByNorm({ gradient, maxNorm }) {
    const [k] = dims(gradient, 'gradient', 2);
    expect(maxNorm, 'maxNorm', f32(k));
    return { clipped: like(gradient), norm: f32(k) };
  },

  AdamW({ parameter, gradient, firstMoment, secondMoment, learningRate, weightDecay, step }) {
    const [k] = dims(parameter, 'parameter', 2);
    same(gradient, parameter, 'gradient', 'parameter');
    same(firstMoment, parameter, 'firstMoment', 'parameter');
    same(secondMoment, parameter, 'secondMoment', 'parameter');
    expect(learningRate, 'learningRate', f32(k));
    expect(weightDecay, 'weightDecay', f32(k));
    expect(step, 'step', { dtype: 'i32', shape: [k] });
    return { newParameter: like(parameter), newFirstMoment: like(parameter), newSecondMoment: like(parameter) };
  },

  Schedule({ step, steps, warmup, peak }) {
    const [k] = dims(peak, 'peak', 1);
    for (const [name, count] of Object.entries({ step, steps, warmup })) expect(count, name, { dtype: 'i32', shape: [k] });
    return { rate: f32(k) };
  },

  KvAppend({ fresh }) {
    const [k, s, t, width] = dims(fresh, 'fresh', 4);
    return { delta: f32(t, k, s, width) };
  },

  TakeRows({ x, rows }) {
    const [k, , , h] = dims(x, 'x', 4);
    const [, n] = dims(rows, 'rows', 2, 'i32');
    expect(rows, 'rows', { dtype: 'i32', shape: [k, n] });
    return { output: f32(k, n, h) };
  },
  TakeRowsGrad({ dOutput, rows, x }) {
    const [k, , , h] = dims(x, 'x', 4);
    const [, n] = dims(rows, 'rows', 2, 'i32');
    expect(dOutput, 'dOutput', f32(k, n, h));
    return { dx: like(x) };
  },

  LastToken({ x }) {
    const [k, s, , h] = dims(x, 'x', 4);
    return { output: f32(k, s, h) };
  },

  TopK({ x }, { count }) {
    check(Number.isInteger(count) && count > 0, 'count is a positive integer');
    return { values: resized(x, count), indices: { ...resized(x, count), dtype: 'i32' }, logSumExp: f32(...x.shape.slice(0, -1)) };
  },
};

/** Length of a candidate's flat buffer; checks that the slots are adjacent and in order. */
export function sizeOf(slots: readonly AdapterSlot[]): number {
  let size = 0;
  for (const slot of slots) {
    check(slot.offset === size, `slot ${slot.name} starts at ${slot.offset}, not at ${size}`);
    size += slot.rows * slot.columns;
  }
  return size;
}

function headShapes(
  { q, k, v, seenUntil }: { q: Value; k: Value; v: Value; seenUntil?: Value | undefined },
  attributes: { queryHeads: number; keyHeads: number; headSize: number },
): [Dim, Dim, Dim] {
  const [candidates, rows, tokens, queryWidth] = dims(q, 'q', 4);
  check(attributes.queryHeads % attributes.keyHeads === 0, 'query heads are a multiple of key heads');
  equal(queryWidth, attributes.queryHeads * attributes.headSize, 'width of q');
  expect(k, 'k', f32(candidates, rows, tokens, attributes.keyHeads * attributes.headSize));
  same(v, k, 'v', 'k');
  if (seenUntil !== undefined) expect(seenUntil, 'seenUntil', { dtype: 'i32', shape: [candidates, rows, tokens] });
  return [candidates, rows, tokens];
}

function adapterRank(inputs: InputsOf<'LoraLinear'>): Dim | undefined {
  const { x, weight, a, b, scale } = inputs;
  const given = [a, b, scale].filter((part) => part !== undefined).length;
  check(given === 0 || given === 3, 'a, b and scale come together');
  check(x.shape.length === 3 || x.shape.length === 4, 'x has rank 3 or 4');
  if (a === undefined || b === undefined || scale === undefined) return undefined;
  const [out, into] = dims(weight, 'weight', 2);
  const [, , rank] = dims(a, 'a', 3);
  expect(a, 'a', f32(first(x), into, rank));
  expect(b, 'b', f32(first(x), rank, out));
  expect(scale, 'scale', f32(first(x)));
  return rank;
}

function groupsOf(x: Value, weight: Value): TensorType {
  const [size] = dims(weight, 'weight', 1);
  if (last(x) === size) return resized(x, 1);
  return resized(x, multiple(last(x), size, 'width of x', 'length of weight'));
}

function multiple(whole: Dim, part: Dim, wholeName: string, partName: string): number {
  check(typeof whole === 'number' && typeof part === 'number', `${wholeName} and ${partName} are numbers`);
  const count = Number(whole) / Number(part);
  check(Number.isInteger(count) && count > 0, `${wholeName} (${whole}) is a multiple of ${partName} (${part})`);
  return count;
}

const f32 = (...shape: Dim[]): TensorType => ({ dtype: 'f32', shape });
const like = (x: Value): TensorType => ({ dtype: x.dtype, shape: x.shape });
const resized = (x: Value, width: Dim): TensorType => ({ dtype: x.dtype, shape: [...x.shape.slice(0, -1), width] });
const first = (x: Value): Dim => present(x.shape[0], 'first dimension');
const last = (x: Value): Dim => present(x.shape.at(-1), 'last dimension');

type Dims<N extends number> = N extends 1 ? [Dim] : N extends 2 ? [Dim, Dim] : N extends 3 ? [Dim, Dim, Dim] : [Dim, Dim, Dim, Dim];

function dims<N extends 1 | 2 | 3 | 4>(x: Value, name: string, rank: N, dtype: DType = 'f32'): Dims<N> {
  check(x.shape.length === rank, `${name} has rank ${rank}, not ${printShape(x.shape)}`);
  check(x.dtype === dtype, `${name} is ${dtype}, not ${x.dtype}`);
  return x.shape as unknown as Dims<N>;
}

function expect(x: Value, name: string, type: TensorType): void {
  const fits = x.dtype === type.dtype && sameShape(x.shape, type.shape);
  check(fits, `${name} is ${x.dtype} ${printShape(x.shape)}, not ${type.dtype} ${printShape(type.shape)}`);
}

function same(x: Value, y: Value, xName: string, yName: string): void {
  check(x.dtype === y.dtype && sameShape(x.shape, y.shape), `${xName} ${printShape(x.shape)} is not like ${yName} ${printShape(y.shape)}`);
}

function equal(a: Dim, b: Dim, what: string): void {
  check(a === b, `${what}: ${a} is not ${b}`);
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ShapeError(message);
}

function present<T>(x: T | undefined, what: string): T {
  assert(x !== undefined, `${what} is missing`);
  return x;
}

