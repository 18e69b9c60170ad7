// A graph of macro operations as an ONNX graph. The caller says where the weights are; everything else is in the graph.
import type { Graph, Node, NodeOf } from '../graph/graph.ts';
import type { OperationName } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { Lowering, type LoweringRule } from './lowering.ts';
import { lowerings } from './lowerings.ts';
import type { ExecutionProvider } from './onnxEmitter.ts';
import type { OnnxConstant, OnnxExternal, OnnxGraph, OnnxValueInfo } from './onnxModel.ts';

/** The frozen weights that the graph reads, inside the model (small) or in a file. */
export interface PlacedWeights {
  readonly constants: readonly OnnxConstant[];
  readonly externals: readonly OnnxExternal[];
}

export interface LowerOptions {
  readonly provider: ExecutionProvider;
  readonly place: (constants: readonly Value[]) => PlacedWeights;
}

export function lowerGraph(graph: Graph, { provider, place }: LowerOptions): OnnxGraph {
  const context = new Lowering(provider);
  for (const input of graph.inputs) context.addInput(input, input.name);
  for (const constant of graph.constants) context.addConstant(constant, constant.name);
  for (const node of graph.nodes) lowerNode(node, context);
  const outputs = Object.entries(graph.outputs).map(([name, value]) => {
    context.emit.nodes.push({ op: 'Identity', domain: '', inputs: [context.read(value)], outputs: [name], attributes: {} });
    return { ...valueInfo(value), name };
  });
  const weights = place(graph.constants);
  return {
    name: graph.name,
    inputs: graph.inputs.map(valueInfo),
    outputs,
    constants: [...context.emit.constants, ...weights.constants],
    externals: weights.externals,
    nodes: context.emit.nodes,
  };
}

function lowerNode<Op extends OperationName>(node: Node | NodeOf<Op>, context: Lowering): void {
  const lower = lowerings[node.op] as LoweringRule<Op>;
  lower(node as NodeOf<Op>, context);
}

function valueInfo({ name, dtype, shape }: Value): OnnxValueInfo {
  return { name, type: dtype, shape };
}
