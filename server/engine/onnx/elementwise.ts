// Operations without state of their own: embedding, SwiGLU, addition, conversion.
import type { Value } from '../graph/value.ts';
import type { Lowering, LoweringRule } from './lowering.ts';

export const lowerEmbedding: LoweringRule<'Embedding'> = ({ inputs, outputs }, context) => {
  const tokens = context.derived(inputs.tokens, 'tokenRows', () => context.emit.reshape(context.read(inputs.tokens), [0, -1]));
  context.writeRows(outputs.output, context.emit.apply('Gather', [context.read(inputs.table), tokens], { axis: { int: 0 } }));
};

export const lowerSwiGlu: LoweringRule<'SwiGlu'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  context.writeRows(outputs.output, emit.apply('Mul', [silu(context, inputs.gate), context.rows(inputs.up)]));
};

/** With s = sigmoid(gate) and silu = gate * s: dUp = dOutput * silu; dGate = dOutput * up * s * (1 + gate - silu). */
export const lowerSwiGluGrad: LoweringRule<'SwiGluGrad'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const [dOutput, gate, up] = [context.rows(inputs.dOutput), context.rows(inputs.gate), context.rows(inputs.up)];
  const activated = silu(context, inputs.gate);
  const rest = emit.apply('Add', [emit.apply('Sub', [gate, activated]), emit.f32(1)]);
  const slope = emit.apply('Mul', [emit.apply('Sigmoid', [gate]), rest]);
  context.writeRows(outputs.dUp, emit.apply('Mul', [dOutput, activated]));
  context.writeRows(outputs.dGate, emit.apply('Mul', [emit.apply('Mul', [dOutput, up]), slope]));
};

/** QuickGelu with alpha 1 is x * sigmoid(x), in one pass. The widest tensor of a layer: made again for backward, at one per cent of its time. */
function silu(context: Lowering, gate: Value): string {
  return context.emit.contrib('QuickGelu', [context.rows(gate)], { alpha: { float: 1 } });
}

export const lowerAdd: LoweringRule<'Add'> = ({ inputs, outputs }, context) => {
  context.writeRows(outputs.output, context.emit.apply('Add', [context.rows(inputs.a), context.rows(inputs.b)]));
};

export const lowerCast: LoweringRule<'Cast'> = ({ inputs, outputs, attributes }, context) => {
  context.write(outputs.output, context.emit.cast(context.read(inputs.x), attributes.dtype));
};
