// The oracle as a Runtime: slow, obvious, in f32. Weights in memory or, through `readRange`, in a weight cache file.
import { assert } from '../../../base/assert.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Executable, Runtime, Tensor, Weights } from '../runtime.ts';
import { evaluate } from './evaluate.ts';
import type { ReferenceTensor } from './tensor.ts';

export interface ReferenceRuntimeOptions {
  /** Needed for weights in a file. */
  readonly readRange?: (path: string, startBytes: number, lengthBytes: number) => Promise<Uint8Array>;
}

export function referenceRuntime(options: ReferenceRuntimeOptions = {}): Runtime {
  return {
    name: 'reference',
    async compile(graph, weights): Promise<Executable> {
      const constants: Record<string, ReferenceTensor> = {};
      for (const { name } of graph.constants) constants[name] = await weight(weights, name, options);
      return {
        async run(inputs) {
          const outputs = evaluate(graph, { ...constants, ...inputs });
          return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, asTensor(tensor, name, graph)]));
        },
        dispose: async () => {},
      };
    },
    dispose: async () => {},
  };
}

async function weight(weights: Weights, name: string, { readRange }: ReferenceRuntimeOptions): Promise<ReferenceTensor> {
  if (weights.kind === 'memory') {
    const tensor = weights.tensors.get(name);
    assert(tensor !== undefined, `weight ${name} is missing`);
    return tensor;
  }
  const place = weights.tensors.get(name);
  assert(place !== undefined, `weight ${name} is missing`);
  assert(readRange !== undefined, 'this reference runtime cannot read files');
  const bytes = await readRange(weights.path, place.offsetBytes, place.lengthBytes);
  return { shape: place.shape, data: new Float32Array(new Uint8Array(bytes).buffer) };
}

function asTensor({ shape, data }: ReferenceTensor, name: string, graph: Graph): Tensor {
  // A copy: outputs belong to the caller, and may be views of inputs here.
  if (data instanceof Float32Array) return { dtype: 'f32', shape, data: data.slice() };
  if (data instanceof Int32Array) return { dtype: 'i32', shape, data: data.slice() };
  assert(data instanceof Uint8Array, `${graph.name}: output ${name} is f64`);
  return { dtype: 'bool', shape, data: data.slice() };
}
