// The flat adapter buffer as tensors and back: one Split or Concat for all of them, and free reshapes.
import { present } from '../../base/assert.ts';
import type { LoweringRule } from './lowering.ts';

export const lowerAdapterSplit: LoweringRule<'AdapterSplit'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const sizes = attributes.slots.map(({ rows, columns }) => rows * columns);
  const parts = emit.applyMany('Split', [context.read(inputs.flat), emit.longs(sizes)], sizes.length, { axis: { int: 1 } });
  for (const [index, { name, rows, columns }] of attributes.slots.entries()) {
    const part = present(parts[index]);
    context.writeLazily(outputs[name], () => emit.reshape(part, [-1, rows, columns]));
  }
};

export const lowerAdapterJoin: LoweringRule<'AdapterJoin'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const parts = attributes.slots.map(({ name, rows, columns }) => emit.reshape(context.read(present(inputs[name], name)), [-1, rows * columns]));
  context.write(outputs.flat, emit.apply('Concat', parts, { axis: { int: 1 } }));
};
