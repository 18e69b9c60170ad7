// All gradients on one screen. A rule gets a forward node and the gradients of its outputs, adds Grad nodes to the graph and returns the
// gradients of its inputs by input name. `null`: never differentiated (frozen below the adapters, integer-valued, or itself a Grad or optimiser).
import { assert } from '../../base/assert.ts';
import type { NodeOf } from '../graph/graph.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { OperationName, OutputsOf } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';

export interface RuleContext<Op extends OperationName> {
  readonly builder: GraphBuilder;
  readonly node: NodeOf<Op>;
  /** The gradient of an output: undefined where none flows into it. */
  readonly gradient: (output: keyof OutputsOf<Op> & string) => Value | undefined;
  /** Whether the gradient of this input is wanted by anything further down. */
  readonly needed: (input: Value | undefined) => boolean;
  /** An optional output of the forward node, added to it now. This is the whole list of what is kept for backward, besides plain inputs. */
  readonly saved: (output: keyof OutputsOf<Op> & string) => Value;
  /** The gradient of the differentiated losses is ones, and `gradient('losses')` is undefined though the loss counts. */
  readonly seededWithOnes: boolean;
}

type Gradients = Readonly<Record<string, Value | undefined>>;
type GradientRule<Op extends OperationName> = (context: RuleContext<Op>) => Gradients;

export const gradientRules: { readonly [Op in OperationName]: GradientRule<Op> | null } = {
  RmsNorm({ builder, node, gradient, saved }) {
    const { x, weight, residual } = node.inputs;
    const dSum = gradient('sum');
    const dNormed = gradient('normed');
    if (dNormed === undefined) return { x: dSum, residual: dSum };
    const normalised = node.outputs.sum ?? x;
    const { dx } = builder.apply('RmsNormGrad', { dNormed, dSum, x: normalised, weight, inverseRms: saved('inverseRms') }, {});
    return { x: dx, ...(residual !== undefined && { residual: dx }) };
  },

  LoraLinear({ builder, node, gradient, needed, saved }) {
    const { x, weight, a, b, scale } = node.inputs;
    assert(node.attributes.merged !== true, 'a merged adapter is not differentiated');
    const dOutput = present(gradient('output'));
    const wanted = [...(needed(x) || a === undefined ? (['dx'] as const) : []), ...(needed(a) ? (['dA'] as const) : [])];
    const down = a === undefined ? undefined : saved('down');
    const { dx, dA, dB } = builder.apply('LoraLinearGrad', { dOutput, x, weight, a, b, scale, down }, {}, { wanted });
    return { x: dx, a: dA, b: dB };
  },

  Rope({ builder, node, gradient }) {
    const { frequencies, inverse } = node.attributes;
    const dOutput = present(gradient('output'));
    const { output } = builder.apply('Rope', { x: dOutput, positions: node.inputs.positions }, { frequencies, inverse: !inverse }, { name: 'RopeGrad' });
    return { x: output };
  },

  CausalAttention({ builder, node, gradient, saved }) {
    const { q, k, v, seenUntil, pastKeys } = node.inputs;
    assert(pastKeys === undefined, 'attention over a cache is not differentiated');
    const inputs = { dOutput: present(gradient('output')), q, k, v, seenUntil, output: node.outputs.output, logSumExp: saved('logSumExp') };
    const { dQ, dK, dV } = builder.apply('CausalAttentionGrad', inputs, node.attributes);
    return { q: dQ, k: dK, v: dV };
  },

  SwiGlu({ builder, node, gradient }) {
    const { gate, up } = node.inputs;
    const { dGate, dUp } = builder.apply('SwiGluGrad', { dOutput: present(gradient('output')), gate, up }, {});
    return { gate: dGate, up: dUp };
  },

  Add({ gradient }) {
    const dOutput = gradient('output');
    return { a: dOutput, b: dOutput };
  },

  LmHeadLoss({ builder, gradient, saved, seededWithOnes }) {
    assert(gradient('logProbabilities') === undefined, 'log-probabilities are not differentiated');
    const dLosses = gradient('losses');
    assert(dLosses !== undefined || seededWithOnes, 'the losses have a gradient');
    const rowGradients = saved('rowGradients');
    return { x: dLosses === undefined ? rowGradients : builder.apply('LmHeadLossGrad', { dLosses, rowGradients }, {}).dx };
  },

  TakeRows({ builder, node, gradient }) {
    const { x, rows } = node.inputs;
    return { x: builder.apply('TakeRowsGrad', { dOutput: present(gradient('output')), rows, x }, {}).dx };
  },

  AdapterSplit({ builder, node, gradient }) {
    const { slots } = node.attributes;
    const parts = Object.fromEntries(slots.map(({ name }) => [name, present(gradient(name), `a gradient of ${name}`)]));
    return { flat: builder.apply('AdapterJoin', parts, { slots }, { name: 'gradient' }).flat };
  },

  LastToken: null,
  Embedding: null,
  Cast: null,
  KvAppend: null,
  TopK: null,
  AdapterJoin: null,
  RmsNormGrad: null,
  LoraLinearGrad: null,
  CausalAttentionGrad: null,
  SwiGluGrad: null,
  LmHeadLossGrad: null,
  TakeRowsGrad: null,
  ClipByNorm: null,
  AdamW: null,
  Schedule: null,
};

function present(value: Value | undefined, what = 'the gradient of the output'): Value {
  assert(value !== undefined, `${what} is missing`);
  return value;
}
