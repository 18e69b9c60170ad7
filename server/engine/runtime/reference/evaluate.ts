// Runs a graph by plain loops, in f32 or f64 throughout. Every value is checked against its declared shape, symbols included.
import { assert } from '../../../base/assert.ts';
import { inputsOf, outputsOf, type Graph, type Node } from '../../graph/graph.ts';
import type { OperationName } from '../../graph/operations.ts';
import type { Value } from '../../graph/value.ts';
import { kernels } from './kernels.ts';
import { elements, type Kernel, type Make, type ReferenceTensor } from './tensor.ts';

export type Precision = 'f32' | 'f64';

/** `feeds` holds graph inputs and constants by name. Returns the graph's outputs. */
export function evaluate(graph: Graph, feeds: Readonly<Record<string, ReferenceTensor>>, precision: Precision = 'f32'): Record<string, ReferenceTensor> {
  const lengths = new Map<string, number>();
  const tensors = new Map<number, ReferenceTensor>();
  const define = (value: Value, tensor: ReferenceTensor | undefined): void => {
    assert(tensor !== undefined, `${value.name} is not given`);
    checkShape(value, tensor, lengths);
    tensors.set(value.id, tensor);
  };
  for (const value of [...graph.inputs, ...graph.constants]) define(value, feeds[value.name]);
  const make = makerOf(precision);
  for (const node of graph.nodes) {
    const inputs = Object.fromEntries(inputsOf(node).map(([name, value]) => [name, tensors.get(value.id)]));
    const outputs = runNode(node, inputs, make);
    for (const [name, value] of outputsOf(node)) define(value, outputs[name]);
  }
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => {
      const tensor = tensors.get(value.id);
      assert(tensor !== undefined, `output ${name} is missing`);
      return [name, tensor];
    }),
  );
}

function runNode<Op extends OperationName>(node: Node, inputs: object, make: Make): Readonly<Record<string, ReferenceTensor | undefined>> {
  const kernel = kernels[node.op] as unknown as Kernel<Op>;
  return kernel(inputs as Parameters<Kernel<Op>>[0], node.attributes as Parameters<Kernel<Op>>[1], make);
}

function checkShape(value: Value, tensor: ReferenceTensor, lengths: Map<string, number>): void {
  const fits =
    tensor.shape.length === value.shape.length &&
    value.shape.every((dim, index) => {
      const actual = tensor.shape[index];
      if (typeof dim === 'number') return actual === dim;
      const known = lengths.get(dim);
      if (known === undefined && actual !== undefined) lengths.set(dim, actual);
      return known === undefined || known === actual;
    });
  assert(fits, `${value.name} is [${tensor.shape.join(', ')}], declared [${value.shape.join(', ')}] with ${JSON.stringify(Object.fromEntries(lengths))}`);
  assert(tensor.data.length === elements(tensor.shape), `${value.name} has ${tensor.data.length} elements for [${tensor.shape.join(', ')}]`);
}

function makerOf(precision: Precision): Make {
  return {
    floats: (...shape) => ({ shape, data: precision === 'f32' ? new Float32Array(elements(shape)) : new Float64Array(elements(shape)) }),
    integers: (...shape) => ({ shape, data: new Int32Array(elements(shape)) }),
  };
}
