// The head's loss and its gradient in one pass over chunks of rows: the logits of one chunk live at a time, and what is kept for
// backward is one row of width H per loss row (as in Liger's fused linear cross-entropy). A Scan, so any number of rows fits one graph.
import type { NodeOf } from '../graph/graph.ts';
import { widthOf, type Lowering, type LoweringRule } from './lowering.ts';
import { OnnxEmitter, type ExecutionProvider } from './onnxEmitter.ts';
import type { OnnxValueInfo } from './onnxModel.ts';

export const lowerLmHeadLoss: LoweringRule<'LmHeadLoss'> = (node, context) => {
  const { emit } = context;
  const { inputs, outputs } = node;
  const width = widthOf(inputs.x);
  // Rows [K*N, H] of hidden states and of the targets' weights.
  const hidden = emit.reshape(context.read(inputs.x), [-1, width]);
  const targets = emit.apply('Gather', [context.read(inputs.weight), emit.reshape(context.read(inputs.targets), [-1])], { axis: { int: 0 } });

  const chunks = chunking(context, node);
  const body = chunkBody(context.read(inputs.weight), { width, withGradient: outputs.rowGradients !== undefined, provider: emit.provider });
  const [logProbabilityChunks = '', gradientChunks] = emit.applyMany('Scan', [chunks.split(hidden), chunks.split(targets)], body.outputs.length, {
    num_scan_inputs: { int: 2 },
    body: { graph: body },
  });
  const perRow = context.shapeTensor(inputs.targets.shape);
  const logProbabilities = emit.apply('Reshape', [chunks.join(emit.reshape(logProbabilityChunks, [-1])), perRow]);
  context.write(outputs.logProbabilities, logProbabilities);

  const weights = context.read(inputs.weights);
  const total = emit.apply('Max', [emit.reduceSum(weights, 1), emit.f32(1e-30)]);
  const shares = emit.apply('Div', [weights, total]);
  const losses = emit.reduceSum(emit.apply('Mul', [shares, logProbabilities]), 1);
  context.write(outputs.losses, emit.reshape(emit.apply('Neg', [losses]), [-1]));
  if (outputs.rowGradients && gradientChunks !== undefined) {
    const gradients = emit.apply('Mul', [chunks.join(emit.reshape(gradientChunks, [-1, width])), emit.reshape(shares, [-1, 1])]);
    context.write(outputs.rowGradients, context.reshape(gradients, outputs.rowGradients.shape));
  }
};

export const lowerLmHeadLossGrad: LoweringRule<'LmHeadLossGrad'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  context.write(outputs.dx, emit.apply('Mul', [context.read(inputs.rowGradients), emit.reshape(context.read(inputs.dLosses), [-1, 1, 1])]));
};

interface Chunking {
  /** [rows, H] as [chunks, rows of a chunk, H]; the last chunk is filled up with zero rows. */
  split(x: string): string;
  /** [all rows of all chunks, …] without the filling. */
  join(x: string): string;
}

/** The rows in ceil(rows / chunkRows) chunks of equal size: fewer than one filling row per chunk. */
function chunking(context: Lowering, { inputs, attributes }: NodeOf<'LmHeadLoss'>): Chunking {
  const { emit } = context;
  const rows = emit.apply('Mul', inputs.targets.shape.map((dim) => context.length(dim)));
  const ceilDiv = (a: string, b: string): string => emit.apply('Div', [emit.apply('Sub', [emit.apply('Add', [a, b]), emit.longs([1])]), b]);
  const count = ceilDiv(rows, emit.longs([attributes.chunkRows]));
  const size = ceilDiv(rows, count);
  const filling = emit.apply('Sub', [emit.apply('Mul', [count, size]), rows]);
  const pads = emit.apply('Concat', [emit.longs([0, 0]), filling, emit.longs([0])], { axis: { int: 0 } });
  const shape = emit.apply('Concat', [count, size, emit.longs([-1])], { axis: { int: 0 } });
  return {
    split: (x) => emit.apply('Reshape', [emit.apply('Pad', [x, pads]), shape]),
    join: (x) => emit.apply('Slice', [x, emit.longs([0]), rows, emit.longs([0])]),
  };
}

/**
 * One chunk: hidden and targets' weights [rows, H] -> log-probabilities [rows] and (softmax(z) · weight - weight[target]) [rows, H].
 * The only full-size tensors are the logits and the probabilities.
 */
function chunkBody(weight: string, { width, withGradient, provider }: { width: number; withGradient: boolean; provider: ExecutionProvider }) {
  const emit = new OnnxEmitter(provider, 'head');
  const logits = emit.linear('head.hidden', weight, { width });
  const p = emit.apply('Softmax', [logits]);
  const logSumExp = emit.logSumExp({ maximum: emit.maximum(logits), softmax: p });
  const dot = emit.apply('ReduceSum', [emit.apply('Mul', ['head.hidden', 'head.targets']), emit.longs([-1])], { keepdims: { int: 0 } });
  const outputs = [info(emit.apply('Sub', [dot, logSumExp]), ['chunk'])];
  if (withGradient) outputs.push(info(emit.apply('Sub', [emit.matMul(p, weight), 'head.targets']), ['chunk', width]));
  return emit.subgraph('head', [info('head.hidden', ['chunk', width]), info('head.targets', ['chunk', width])], outputs);
}

function info(name: string, shape: OnnxValueInfo['shape']): OnnxValueInfo {
  return { name, type: 'f32', shape };
}
