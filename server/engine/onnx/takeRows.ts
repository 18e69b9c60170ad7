// Chosen rows of packed sequences, and the way back of their gradients.
import type { LoweringRule } from './lowering.ts';

export const lowerTakeRows: LoweringRule<'TakeRows'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const rows = context.derived(inputs.rows, 'indices', () => emit.apply('Unsqueeze', [emit.cast(context.read(inputs.rows), 'i64'), emit.longs([2])]));
  context.write(outputs.output, emit.apply('GatherND', [context.rows(inputs.x), rows], { batch_dims: { int: 1 } }));
};

/**
 * dx[k] = M[k] · dOutput[k] with M[k, token, n] = 1 where rows[k, n] is that token. A product rather than a scatter: repeated rows are
 * ordinary, and onnxruntime's ScatterND adds them in no fixed order.
 */
export const lowerTakeRowsGrad: LoweringRule<'TakeRowsGrad'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const tokens = emit.apply('Shape', [context.rows(inputs.x)], { start: { int: 1 }, end: { int: 2 } });
  const token = emit.reshape(context.range(tokens), [-1, 1]);
  const rows = emit.apply('Unsqueeze', [context.read(inputs.rows), emit.longs([1])]);
  const places = emit.cast(emit.apply('Equal', [rows, token]), 'f32');
  context.writeRows(outputs.dx, emit.matMul(places, context.read(inputs.dOutput)));
};
