// Root-mean-square normalisation. Qwen3 normalises per head (G groups of D in a row of width G*D): there the groups get an axis of their own.
import type { NodeOf } from '../graph/graph.ts';
import { widthOf, type Lowering, type LoweringRule } from './lowering.ts';

export const lowerRmsNorm: LoweringRule<'RmsNorm'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  let x = context.rows(inputs.x);
  if (inputs.residual) {
    x = emit.apply('Add', [x, context.rows(inputs.residual)]);
    context.writeRows(outputs.sum, x);
  }
  const grouped = widthOf(inputs.x) !== widthOf(inputs.weight);
  const { epsilon } = attributes;
  const groups = grouped ? splitGroups(context, x, widthOf(inputs.weight)) : x;
  const [normed = '', cpuInverseRms = ''] = emit.applyMany('SimplifiedLayerNormalization', [groups, context.read(inputs.weight)], emit.provider === 'cpu' ? 2 : 1, {
    axis: { int: -1 },
    epsilon: { float: epsilon },
    stash_type: { int: 1 },
  });
  context.writeRows(outputs.normed, grouped ? joinGroups(context, normed, widthOf(inputs.x)) : normed);
  if (!outputs.inverseRms) return;
  // WebGPU's kernel leaves its second output unwritten: whatever the buffer held before.
  const inverseRms = emit.provider === 'cpu' ? cpuInverseRms : inverseRmsOf(context, groups, epsilon);
  context.writeRows(outputs.inverseRms, grouped ? joinGroups(context, inverseRms, widthOf(outputs.inverseRms)) : inverseRms);
};

function inverseRmsOf({ emit }: Lowering, x: string, epsilon: number): string {
  const meanSquare = emit.apply('ReduceMean', [emit.apply('Mul', [x, x]), emit.longs([-1])], { keepdims: { int: 1 } });
  return emit.apply('Reciprocal', [emit.apply('Sqrt', [emit.apply('Add', [meanSquare, emit.f32(epsilon)])])]);
}

/** With unit = x * inverseRms: dx = inverseRms * (g - unit * mean(g * unit)) + dSum, g = dNormed * weight. */
export const lowerRmsNormGrad: LoweringRule<'RmsNormGrad'> = (node, context) => {
  const { emit } = context;
  const { unit, dNormed, inverse, join } = gradientOperands(node, context);
  const g = emit.apply('Mul', [dNormed, context.read(node.inputs.weight)]);
  const mean = emit.apply('ReduceMean', [emit.apply('Mul', [g, unit]), emit.longs([-1])], { keepdims: { int: 1 } });
  const dx = join(emit.apply('Mul', [emit.apply('Sub', [g, emit.apply('Mul', [unit, mean])]), inverse]));
  const { dSum } = node.inputs;
  context.writeRows(node.outputs.dx, dSum ? emit.apply('Add', [dx, context.rows(dSum)]) : dx);
};

function gradientOperands({ inputs }: NodeOf<'RmsNormGrad'>, context: Lowering) {
  const [dNormed, inverse] = [context.rows(inputs.dNormed), context.rows(inputs.inverseRms)];
  const [width, group] = [widthOf(inputs.x), widthOf(inputs.weight)];
  if (width === group) return { unit: context.emit.apply('Mul', [context.rows(inputs.x), inverse]), dNormed, inverse, join: (name: string) => name };
  const groupInverse = splitGroups(context, inverse, 1);
  return {
    unit: context.emit.apply('Mul', [splitGroups(context, context.rows(inputs.x), group), groupInverse]),
    dNormed: splitGroups(context, dNormed, group),
    inverse: groupInverse,
    join: (name: string) => joinGroups(context, name, width),
  };
}

/** [a, b, G*D] as [a, b, G, D]. */
function splitGroups(context: Lowering, x: string, size: number): string {
  return context.emit.reshape(x, [0, 0, -1, size]);
}

function joinGroups(context: Lowering, x: string, width: number): string {
  return context.emit.reshape(x, [0, 0, width]);
}
