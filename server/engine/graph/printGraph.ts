// A graph as text, one line per node, for tests and for reading: `normed [K, S, T, 8] = RmsNorm(x: hidden, weight: norm) {epsilon: 1e-6}`.
import { inputsOf, outputsOf, type Graph } from './graph.ts';
import { printShape, type Value } from './value.ts';

export function printGraph(graph: Graph): string {
  const lines = [`graph ${graph.name}`];
  for (const input of graph.inputs) lines.push(`  input ${printTyped(input)}`);
  for (const constant of graph.constants) lines.push(`  constant ${printTyped(constant)}`);
  for (const node of graph.nodes) {
    const outputs = outputsOf(node).map(([, value]) => `${value.name} ${printShape(value.shape)}`);
    const inputs = inputsOf(node).map(([name, value]) => `${name}: ${value.name}`);
    lines.push(`  ${outputs.join(', ')} = ${node.op}(${inputs.join(', ')})${printAttributes(node.attributes)}`);
  }
  for (const [name, value] of Object.entries(graph.outputs)) lines.push(`  output ${name} = ${value.name}`);
  return `${lines.join('\n')}\n`;
}

function printTyped(value: Value): string {
  return `${value.name} ${value.dtype} ${printShape(value.shape)}`;
}

function printAttributes(attributes: object): string {
  const parts = Object.entries(attributes).map(([name, value]) => `${name}: ${Array.isArray(value) ? `(${value.length})` : String(value)}`);
  return parts.length === 0 ? '' : ` {${parts.join(', ')}}`;
}
