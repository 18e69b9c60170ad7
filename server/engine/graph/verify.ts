// The verifier, run after each pass that makes a graph: every rule of graph.ts and every shape rule, checked from nothing. Returns the graph.
import { assert } from '../../base/assert.ts';
import { inputsOf, outputsOf, type Graph, type Node } from './graph.ts';
import type { AttributesOf, InputsOf, OperationName } from './operations.ts';
import { optionalOutputs } from './operations.ts';
import { shapeRules } from './shapeRules.ts';
import { printShape, sameShape, type TensorType, type Value } from './value.ts';

export function verify(graph: Graph): Graph {
  const known = new Map<number, Value>();
  const names = new Set<string>();
  const define = (value: Value, where: string): void => {
    assert(!known.has(value.id), `${where}: value ${value.id} (${value.name}) is produced twice`);
    assert(!names.has(value.name), `${where}: two values are called ${value.name}`);
    for (const dim of value.shape) assert(typeof dim === 'string' || (Number.isInteger(dim) && dim >= 0), `${where}: ${value.name} has dimension ${dim}`);
    known.set(value.id, value);
    names.add(value.name);
  };
  for (const input of graph.inputs) define(input, 'input');
  for (const constant of graph.constants) define(constant, 'constant');
  for (const [index, node] of graph.nodes.entries()) {
    const where = `node ${index} (${node.op})`;
    for (const [name, value] of inputsOf(node)) {
      assert(known.get(value.id) === value, `${where}: input ${name} (${value.name}) is not produced before it`);
    }
    checkOutputs(node, where);
    for (const [, value] of outputsOf(node)) define(value, where);
  }
  for (const [name, value] of Object.entries(graph.outputs)) assert(known.get(value.id) === value, `output ${name} is not produced`);
  return graph;
}

function checkOutputs(node: Node, where: string): void {
  const types = typesOf(node);
  const optional: readonly string[] = optionalOutputs[node.op] ?? [];
  const given = new Map(outputsOf(node));
  for (const [name, value] of given) {
    const type = types[name];
    assert(type !== undefined, `${where}: no output ${name}`);
    assert(
      value.dtype === type.dtype && sameShape(value.shape, type.shape),
      `${where}: output ${name} is ${value.dtype} ${printShape(value.shape)}, not ${type.dtype} ${printShape(type.shape)}`,
    );
  }
  for (const name of Object.keys(types)) assert(given.has(name) || optional.includes(name), `${where}: output ${name} is missing`);
}

function typesOf<Op extends OperationName>(node: { readonly op: Op; readonly inputs: object; readonly attributes: object }): Readonly<Record<string, TensorType>> {
  return shapeRules[node.op](node.inputs as InputsOf<Op>, node.attributes as AttributesOf<Op>);
}
