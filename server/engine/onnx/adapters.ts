// The flat adapter buffer as tensors and back: one Split or Concat for all of them, and free reshapes. WebGPU's Split binds a buffer for each
// part, of which a shader may have few (eight to a dozen), so there each part is a Slice.
import { present } from '../../base/assert.ts';
import type { LoweringRule } from './lowering.ts';

export const lowerAdapterSplit: LoweringRule<'AdapterSplit'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const sizes = attributes.slots.map(({ rows, columns }) => rows * columns);
  const flat = context.read(inputs.flat);
  const parts =
    emit.provider === 'cpu'
      ? emit.applyMany('Split', [flat, emit.longs(sizes)], sizes.length, { axis: { int: 1 } })
      : attributes.slots.map(({ offset }, index) => emit.apply('Slice', [flat, emit.longs([offset]), emit.longs([offset + (sizes[index] ?? 0)]), emit.longs([1])]));
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
