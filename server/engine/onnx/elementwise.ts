// Operations without state of their own: embedding, SwiGLU, addition, conversion.
import type { LoweringRule } from './lowering.ts';

export const lowerEmbedding: LoweringRule<'Embedding'> = ({ inputs, outputs }, context) => {
  const tokens = context.derived(inputs.tokens, 'tokenRows', () => context.emit.reshape(context.read(inputs.tokens), [0, -1]));
  context.writeRows(outputs.output, context.emit.apply('Gather', [context.read(inputs.table), tokens], { axis: { int: 0 } }));
};

/** QuickGelu with alpha 1 is x * sigmoid(x), in one pass. */
export const lowerSwiGlu: LoweringRule<'SwiGlu'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const silu = emit.contrib('QuickGelu', [context.rows(inputs.gate)], { alpha: { float: 1 } });
  context.writeRows(outputs.output, emit.apply('Mul', [silu, context.rows(inputs.up)]));
};

/** With s = sigmoid(gate) and silu = gate * s: dUp = dOutput * silu; dGate = dOutput * up * s * (1 + gate - silu). */
export const lowerSwiGluGrad: LoweringRule<'SwiGluGrad'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const [dOutput, gate, up] = [context.rows(inputs.dOutput), context.rows(inputs.gate), context.rows(inputs.up)];
  const sigmoid = emit.apply('Sigmoid', [gate]);
  const silu = emit.apply('Mul', [gate, sigmoid]);
  const slope = emit.apply('Mul', [sigmoid, emit.apply('Add', [emit.apply('Sub', [gate, silu]), emit.f32(1)])]);
  context.writeRows(outputs.dUp, emit.apply('Mul', [dOutput, silu]));
  context.writeRows(outputs.dGate, emit.apply('Mul', [emit.apply('Mul', [dOutput, up]), slope]));
};

export const lowerAdd: LoweringRule<'Add'> = ({ inputs, outputs }, context) => {
  context.writeRows(outputs.output, context.emit.apply('Add', [context.rows(inputs.a), context.rows(inputs.b)]));
};

export const lowerCast: LoweringRule<'Cast'> = ({ inputs, outputs, attributes }, context) => {
  context.write(outputs.output, context.emit.cast(context.read(inputs.x), attributes.dtype));
};
