// What only decoding uses: the cache's new rows, the last token, the best tokens.
import type { LoweringRule } from './lowering.ts';

export const lowerKvAppend: LoweringRule<'KvAppend'> = ({ inputs, outputs }, context) => {
  context.write(outputs.delta, context.emit.transpose(context.read(inputs.fresh), [2, 0, 1, 3]));
};

export const lowerLastToken: LoweringRule<'LastToken'> = ({ inputs, outputs }, context) => {
  context.write(outputs.output, context.emit.apply('Gather', [context.read(inputs.x), context.emit.long(-1)], { axis: { int: 2 } }));
};

export const lowerTopK: LoweringRule<'TopK'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const x = context.read(inputs.x);
  const [values = '', indices = ''] = emit.applyMany('TopK', [x, emit.longs([attributes.count])], 2);
  context.write(outputs.values, values);
  context.write(outputs.indices, emit.cast(indices, 'i32'));
  const maximum = emit.apply('Gather', [values, emit.long(0)], { axis: { int: -1 } });
  context.write(outputs.logSumExp, emit.logSumExp({ maximum, softmax: emit.apply('Softmax', [x]) }));
};
