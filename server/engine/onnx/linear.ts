// Frozen linear layers with low-rank adapters. The frozen weight stays as stored, [out, in]: FusedMatMul (Gemm on WebGPU) reads it transposed
// in the forward pass and MatMul as it is in the backward pass, so one memory-mapped copy serves both.
import { assert } from '../../base/assert.ts';
import type { NodeOf } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { widthOf, type Lowering, type LoweringRule } from './lowering.ts';

export const lowerLoraLinear: LoweringRule<'LoraLinear'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const x = context.rows(inputs.x);
  let output =
    attributes.merged === true
      ? emit.matMul(x, mergedWeight(context, inputs), { transB: true })
      : emit.linear(x, context.read(inputs.weight), { width: widthOf(inputs.x) });
  if (inputs.bias) output = emit.apply('Add', [output, context.read(inputs.bias)]);
  if (inputs.a && inputs.b && inputs.scale && attributes.merged !== true) {
    const down = emit.matMul(x, context.read(inputs.a));
    context.writeRows(outputs.down, down);
    const up = emit.matMul(scaledDown(context, down, inputs.scale), context.read(inputs.b));
    output = emit.apply('Add', [output, up]);
  }
  context.writeRows(outputs.output, output);
};

export const lowerLoraLinearGrad: LoweringRule<'LoraLinearGrad'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const dOutput = context.rows(inputs.dOutput);
  let dx = outputs.dx ? emit.matMul(dOutput, context.read(inputs.weight)) : undefined;
  if (inputs.a && inputs.b && inputs.scale && inputs.down) {
    const a = context.read(inputs.a);
    // The scale goes onto the narrow factors: [K, rows, R] instead of [K, rows, O].
    const v = emit.apply('Mul', [emit.matMul(dOutput, context.read(inputs.b), { transB: true }), perCandidate(context, inputs.scale)]);
    const down = scaledDown(context, context.rows(inputs.down), inputs.scale);
    if (outputs.dA) context.write(outputs.dA, emit.matMul(context.rows(inputs.x), v, { transA: true }));
    context.write(outputs.dB, emit.matMul(down, dOutput, { transA: true }));
    if (dx !== undefined) dx = emit.apply('Add', [dx, emit.matMul(v, a, { transB: true })]);
  }
  if (outputs.dx) {
    assert(dx !== undefined, 'dx was computed');
    context.writeRows(outputs.dx, dx);
  }
};

/** weight + scale * (a·b)ᵀ of each candidate, [K, O, I]. */
function mergedWeight(context: Lowering, { weight, a, b, scale }: NodeOf<'LoraLinear'>['inputs']): string {
  const { emit } = context;
  assert(a !== undefined && b !== undefined && scale !== undefined, 'an adapter to merge');
  const scaled = emit.apply('Mul', [context.read(b), perCandidate(context, scale)]);
  return emit.apply('Add', [emit.matMul(scaled, context.read(a), { transA: true, transB: true }), context.read(weight)]);
}

function scaledDown(context: Lowering, down: string, scale: Value): string {
  return context.emit.once(`scaled:${down}`, () => context.emit.apply('Mul', [down, perCandidate(context, scale)]));
}

/** [K] as [K, 1, 1]. */
function perCandidate(context: Lowering, scale: Value): string {
  return context.derived(scale, 'perCandidate', () => context.emit.reshape(context.read(scale), [-1, 1, 1]));
}
