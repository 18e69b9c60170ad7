// Frozen linear layers with low-rank adapters. The frozen weight stays as stored, [out, in]: FusedMatMul reads it transposed in the
// forward pass and MatMul as it is in the backward pass, so one memory-mapped copy serves both.
import { assert } from '../../base/assert.ts';
import type { Value } from '../graph/value.ts';
import type { Lowering, LoweringRule } from './lowering.ts';

export const lowerLoraLinear: LoweringRule<'LoraLinear'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const x = context.rows(inputs.x);
  let output = emit.matMul(x, context.read(inputs.weight), { transB: true });
  if (inputs.bias) output = emit.apply('Add', [output, context.read(inputs.bias)]);
  if (inputs.a && inputs.b && inputs.scale) {
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

function scaledDown(context: Lowering, down: string, scale: Value): string {
  return context.emit.once(`scaled:${down}`, () => context.emit.apply('Mul', [down, perCandidate(context, scale)]));
}

/** [K] as [K, 1, 1]. */
function perCandidate(context: Lowering, scale: Value): string {
  return context.derived(scale, 'perCandidate', () => context.emit.reshape(context.read(scale), [-1, 1, 1]));
}
