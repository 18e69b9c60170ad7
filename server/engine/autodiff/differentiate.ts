// Reverse-mode differentiation: a graph in, an ordinary graph out, with the gradients as further outputs. Only values that depend on a `wrt`
// value get gradients, so nothing is computed below the first adapted layer; what backward needs is saved on the forward nodes explicitly.
import { assert } from '../../base/assert.ts';
import { inputsOf, outputsOf, type Graph, type Node, type NodeOf } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graphBuilder.ts';
import type { OperationName } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { verify } from '../graph/verify.ts';
import { gradientRules, type RuleContext } from './gradientRules.ts';

export interface Differentiation {
  /** The losses [K] of an LmHeadLoss, each with gradient one: every candidate's gradient is that of its own loss. */
  readonly losses?: Value;
  /** Or any values of the graph with graph inputs that hold the gradients of their sum (tests of single operations). */
  readonly seeds?: readonly { readonly of: Value; readonly gradient: Value }[];
  /** With respect to what, by the name of the new output. */
  readonly wrt: Readonly<Record<string, Value>>;
}

export function differentiate(graph: Graph, { losses, seeds = [], wrt }: Differentiation): Graph {
  const builder = GraphBuilder.continueFrom(graph, graph.name);
  const active = dependents(graph, Object.values(wrt));
  const gradients = new Map<number, Value>();
  const accumulate = (value: Value, gradient: Value): void => {
    const known = gradients.get(value.id);
    gradients.set(value.id, known === undefined ? gradient : builder.apply('Add', { a: known, b: gradient }, {}, { name: `d.${value.name}` }).output);
  };
  for (const { of, gradient } of seeds) accumulate(of, gradient);

  for (const node of graph.nodes.toReversed()) {
    const seededWithOnes = losses !== undefined && outputsOf(node).some(([, output]) => output.id === losses.id);
    const reached = seededWithOnes || outputsOf(node).some(([, output]) => gradients.has(output.id));
    if (!reached || !inputsOf(node).some(([, input]) => active.has(input.id))) continue;
    const contributions = backward(builder, node, { gradients, active, seededWithOnes });
    for (const [name, input] of inputsOf(node)) {
      const gradient = contributions[name];
      if (gradient !== undefined && active.has(input.id)) accumulate(input, gradient);
    }
  }

  const outputs: Record<string, Value> = { ...graph.outputs };
  for (const [name, value] of Object.entries(wrt)) {
    const gradient = gradients.get(value.id);
    assert(gradient !== undefined, `${value.name} has no part in what is differentiated`);
    outputs[name] = gradient;
  }
  return verify(builder.build(outputs));
}

interface BackwardState {
  readonly gradients: ReadonlyMap<number, Value>;
  readonly active: ReadonlySet<number>;
  readonly seededWithOnes: boolean;
}

function backward<Op extends OperationName>(
  builder: GraphBuilder,
  node: NodeOf<Op> | Node,
  { gradients, active, seededWithOnes }: BackwardState,
): Readonly<Record<string, Value | undefined>> {
  const rule = gradientRules[node.op as Op];
  assert(rule !== null, `${node.op} has no gradient`);
  const forward = node as NodeOf<Op>;
  const context: RuleContext<Op> = {
    builder,
    node: forward,
    gradient: (output) => {
      const value = (forward.outputs as Readonly<Record<string, Value | undefined>>)[output];
      return value === undefined ? undefined : gradients.get(value.id);
    },
    needed: (input) => input !== undefined && active.has(input.id),
    saved: (output) => builder.save(forward, output),
    seededWithOnes,
  };
  return rule(context);
}

/** Ids of the values that depend on any of `sources`, these included. */
function dependents(graph: Graph, sources: readonly Value[]): Set<number> {
  const active = new Set(sources.map((source) => source.id));
  for (const node of graph.nodes) {
    if (!inputsOf(node).some(([, input]) => active.has(input.id))) continue;
    for (const [, output] of outputsOf(node)) active.add(output.id);
  }
  return active;
}
