// Rotary embedding and grouped-query attention. The query heads of one key head are stacked as rows, so that every product is one
// batched GEMM [K, S, keyHeads] x [group*T, D] and the gradients of keys and values come out summed over the group. Over a past each query head
// is a product of its own, [K, S, keyHeads, group] x [T, D]: while decoding T is 1, and for one row onnxruntime has a kernel that copies nothing.
import { assert } from '../../base/assert.ts';
import type { NodeOf } from '../graph/graph.ts';
import type { Dim, Value } from '../graph/value.ts';
import { widthOf, type Lowering, type LoweringRule } from './lowering.ts';

/** [K, S, keyHeads, rows, columns] is what every product here is made of. */
const rank = 5;

export const lowerRope: LoweringRule<'Rope'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const { frequencies, inverse } = attributes;
  const angles = context.derived(inputs.positions, `angles:${frequencies.join()}`, () => {
    const positions = emit.reshape(emit.cast(context.read(inputs.positions), 'f32'), [0, -1, 1]);
    return emit.apply('Mul', [positions, emit.floats(frequencies)]);
  });
  const cos = emit.once(`cos:${angles}`, () => emit.apply('Cos', [angles]));
  const sin = emit.once(`sin:${angles}`, () => emit.apply('Sin', [angles]));
  const signedSin = inverse ? emit.once(`-sin:${angles}`, () => emit.apply('Neg', [sin])) : sin;
  const heads = widthOf(inputs.x) / (2 * frequencies.length);
  context.writeRows(outputs.output, emit.apply('RotaryEmbedding', [context.rows(inputs.x), cos, signedSin], { num_heads: { int: heads } }));
};

export const lowerCausalAttention: LoweringRule<'CausalAttention'> = (node, context) => {
  const { emit } = context;
  const { inputs, outputs } = node;
  const { scores, output } = inputs.pastKeys === undefined ? attendPacked(context, node) : attendOverPast(context, node);
  context.writeRows(outputs.output, unstackQueries(context, output, node, inputs.q));
  context.writeLazily(outputs.logSumExp, () => {
    const sums = emit.apply('ReduceLogSumExp', [scores, emit.longs([-1])], { keepdims: { int: 0 } });
    const [k, s, t] = leading(inputs.q);
    return context.reshape(sums, [k, s, node.attributes.queryHeads, t]);
  });
};

interface Attended {
  /** Masked, before the softmax. */
  readonly scores: string;
  /** [K, S, keyHeads, group*T, D], or the same with group and T apart. */
  readonly output: string;
}

function attendPacked(context: Lowering, node: NodeOf<'CausalAttention'>): Attended {
  const { emit } = context;
  const { q, k, v } = node.inputs;
  const product = emit.matMul(stackedQueries(context, q, node), keyHeads(context, k, node), { transB: true, rank, alpha: scoreScale(node) });
  const scores = emit.apply('Add', [product, packedMask(context, node)]);
  return { scores, output: emit.matMul(emit.apply('Softmax', [scores]), keyHeads(context, v, node)) };
}

/** The past is read where it lies: joined with this step's keys and values it would be copied in every step. */
function attendOverPast(context: Lowering, node: NodeOf<'CausalAttention'>): Attended {
  const { emit } = context;
  const { pastKeys, pastValues } = node.inputs;
  assert(pastKeys !== undefined && pastValues !== undefined, 'keys and values of the past');
  // [K, S, keyHeads, 1, T, D], for each query head of the group.
  const ofGroup = (x: Value): string => emit.apply('Unsqueeze', [keyHeads(context, x, node), emit.longs([3])]);
  const q = emit.apply('Mul', [queryHeads(context, node.inputs.q, node), emit.f32(scoreScale(node))]);
  const products = [pastProduct(context, q, pastKeys, { node, transB: true }), emit.matMul(q, ofGroup(node.inputs.k), { transB: true, rank: rank + 1 })];
  const scores = emit.apply('Add', [emit.apply('Concat', products, { axis: { int: -1 } }), pastMask(context, node)]);
  const p = emit.apply('Softmax', [scores]);
  const length = context.length(pastKeys.shape[0] ?? 0);
  const columns = (from: string, to: string): string => emit.apply('Slice', [p, from, to, emit.longs([-1])]);
  const ofPast = pastProduct(context, columns(emit.longs([0]), length), pastValues, { node });
  const ofOwn = emit.matMul(columns(length, emit.longs([2 ** 31])), ofGroup(node.inputs.v));
  return { scores, output: emit.apply('Add', [ofPast, ofOwn]) };
}

/** The probabilities are computed again (two per cent of a layer) rather than kept (heads * T floats for each token of each layer). */
export const lowerCausalAttentionGrad: LoweringRule<'CausalAttentionGrad'> = (node, context) => {
  const { emit } = context;
  const { inputs, outputs } = node;
  const alpha = scoreScale(node);
  const q = stackedQueries(context, inputs.q, node);
  const k = keyHeads(context, inputs.k, node);
  const v = keyHeads(context, inputs.v, node);
  const dOutput = stackedQueries(context, inputs.dOutput, node);
  const p = emit.apply('Softmax', [emit.apply('Add', [emit.matMul(q, k, { transB: true, rank, alpha }), packedMask(context, node)])]);
  const dP = emit.matMul(dOutput, v, { transB: true, rank });
  const dScores = emit.apply('Mul', [p, emit.apply('Sub', [dP, outputDots(context, node)])]);
  context.writeRows(outputs.dQ, unstackQueries(context, emit.matMul(dScores, k, { alpha }), node, inputs.q));
  context.writeRows(outputs.dK, joinKeyHeads(context, emit.matMul(dScores, q, { transA: true, rank, alpha }), inputs.k));
  context.writeRows(outputs.dV, joinKeyHeads(context, emit.matMul(p, dOutput, { transA: true, rank }), inputs.v));
};

/** The sum over a head of dOutput * output, [K, S, keyHeads, group*T, 1]: equals the sum of p * dP over the columns, which are more than a head is wide. */
function outputDots(context: Lowering, node: NodeOf<'CausalAttentionGrad'>): string {
  const { emit } = context;
  const { keyHeads, headSize } = node.attributes;
  const product = emit.apply('Mul', [context.rows(node.inputs.dOutput), context.rows(node.inputs.output)]);
  const heads = context.reshape(product, [...leading(node.inputs.q), keyHeads, groupSize(node), headSize]);
  const sums = emit.transpose(emit.reduceSum(heads, -1), [0, 1, 3, 4, 2, 5]);
  return emit.reshape(sums, [0, 0, 0, -1, 1]);
}

type AttentionNode = NodeOf<'CausalAttention'> | NodeOf<'CausalAttentionGrad'>;

function leading(x: Value): [Dim, Dim, Dim] {
  const [k = 1, s = 1, t = 1] = x.shape;
  return [k, s, t];
}

function scoreScale({ attributes }: AttentionNode): number {
  return 1 / Math.sqrt(attributes.headSize);
}

function groupSize({ attributes }: AttentionNode): number {
  return attributes.queryHeads / attributes.keyHeads;
}

/** [K, S, T, queryHeads*D] as [K, S, keyHeads, group*T, D]; shared by the forward and the backward pass. */
function stackedQueries(context: Lowering, x: Value, node: AttentionNode): string {
  return context.derived(x, 'stackedQueries', () => context.emit.reshape(queryHeads(context, x, node), [0, 0, 0, -1, node.attributes.headSize]));
}

/** [K, S, T, queryHeads*D] as [K, S, keyHeads, group, T, D]. */
function queryHeads(context: Lowering, x: Value, node: AttentionNode): string {
  const { keyHeads, headSize } = node.attributes;
  const heads = context.reshape(context.rows(x), [...leading(x), keyHeads, groupSize(node), headSize]);
  return context.emit.transpose(heads, [0, 1, 3, 4, 2, 5]);
}

/** The inverse of `stackedQueries` and of `queryHeads`, as rows [K, S*T, queryHeads*D]. */
function unstackQueries(context: Lowering, x: string, node: AttentionNode, like: Value): string {
  const { keyHeads, headSize } = node.attributes;
  const [k, s, t] = leading(like);
  const heads = context.reshape(x, [k, s, keyHeads, groupSize(node), t, headSize]);
  return context.emit.reshape(context.emit.transpose(heads, [0, 1, 4, 2, 3, 5]), [0, -1, widthOf(like)]);
}

/** [K, S, T, keyHeads*D] as [K, S, keyHeads, T, D]. */
function keyHeads(context: Lowering, x: Value, { attributes }: AttentionNode): string {
  return context.derived(x, 'keyHeads', () => {
    const heads = context.reshape(context.rows(x), [...leading(x), attributes.keyHeads, attributes.headSize]);
    return context.emit.transpose(heads, [0, 1, 3, 2, 4]);
  });
}

/** The inverse of `keyHeads`, as rows. */
function joinKeyHeads(context: Lowering, x: string, like: Value): string {
  return context.emit.reshape(context.emit.transpose(x, [0, 1, 3, 2, 4]), [0, -1, widthOf(like)]);
}

/** a · past keys or values, which are time-major [P, K, S, keyHeads*D]; `transBatchB` reads them by head, [K, S, keyHeads, 1, P, D]. */
function pastProduct(context: Lowering, a: string, past: Value, { node, transB = false }: { readonly node: NodeOf<'CausalAttention'>; readonly transB?: boolean }): string {
  const { emit } = context;
  const heads = emit.reshape(context.read(past), [0, 0, 0, node.attributes.keyHeads, 1, node.attributes.headSize]);
  if (emit.provider === 'cpu') return emit.contrib('FusedMatMul', [a, heads], { transB: { int: Number(transB) }, transBatchB: { int: 1 } });
  return emit.matMul(a, emit.transpose(heads, transB ? [1, 2, 3, 4, 5, 0] : [1, 2, 3, 4, 0, 5]));
}

/** 0 where query t may see column c, else a number that no score outweighs; [K, S, 1, group*T, T]. */
function packedMask(context: Lowering, node: AttentionNode): string {
  const { emit } = context;
  const { q, seenUntil } = node.inputs;
  const [k, s, t] = leading(q);
  const group = groupSize(node);
  return emit.once(`packedMask:${seenUntil?.id}:${[k, s, t, group].join()}`, () => {
    const time = context.range(context.length(t));
    let seen = emit.apply('LessOrEqual', [time, emit.reshape(time, [-1, 1])]);
    if (seenUntil) {
      const ends = emit.apply('Unsqueeze', [context.read(seenUntil), emit.longs([2])]);
      seen = emit.apply('And', [emit.apply('Less', [emit.reshape(time, [-1, 1]), ends]), seen]);
    }
    const mask = emit.apply('Where', [seen, emit.f32(0), emit.f32(unseen)]);
    return stackMask(context, mask, { rows: [k, s], tokens: t, group, hasRows: seenUntil !== undefined });
  });
}

/** The same for decoding: columns 0..P+T-1, those before `starts` are padding; [K, S, 1, 1, T, P+T]. */
function pastMask(context: Lowering, node: NodeOf<'CausalAttention'>): string {
  const { emit } = context;
  const { q, pastKeys, starts } = node.inputs;
  assert(starts !== undefined, 'starts come with a past');
  const [, , t] = leading(q);
  return emit.once(`pastMask:${starts.id}:${t}`, () => {
    const past = context.length(pastKeys?.shape[0] ?? 0);
    const column = context.range(emit.apply('Add', [past, context.length(t)]));
    const self = emit.reshape(emit.apply('Add', [context.range(context.length(t)), emit.cast(past, 'i32')]), [-1, 1]);
    // A padding token, before its row's start, sees itself: a row of the softmax is never empty.
    const first = emit.apply('Min', [self, emit.apply('Unsqueeze', [context.read(starts), emit.longs([2, 3, 4, 5])])]);
    const seen = emit.apply('And', [emit.apply('LessOrEqual', [column, self]), emit.apply('GreaterOrEqual', [column, first])]);
    return emit.apply('Where', [seen, emit.f32(0), emit.f32(unseen)]);
  });
}

const unseen = -1e30;

interface MaskShape {
  readonly rows: readonly [Dim, Dim];
  readonly tokens: Dim;
  readonly group: number;
  readonly hasRows: boolean;
}

/** Repeats [K, S, T, T] (or [T, T]) for each query head of a group: [K, S, 1, group*T, T] (or [group*T, T]). */
function stackMask(context: Lowering, mask: string, { rows, tokens, group, hasRows }: MaskShape): string {
  const { emit } = context;
  const lead = hasRows ? [context.length(rows[0]), context.length(rows[1])] : [];
  const axis = lead.length;
  const length = context.length(tokens);
  const repeated = emit.apply('Concat', [...lead, emit.longs([group]), length, length], { axis: { int: 0 } });
  const heads = emit.apply('Expand', [emit.apply('Unsqueeze', [mask, emit.longs([axis])]), repeated]);
  const stacked = emit.apply('Concat', [...lead, ...(hasRows ? [emit.longs([1])] : []), emit.longs([-1]), length], { axis: { int: 0 } });
  return emit.apply('Reshape', [heads, stacked]);
}
