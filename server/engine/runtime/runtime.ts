// What every executor offers: compile a graph against weights once, run it many times. Tensors are plain typed arrays in row-major order.
import type { Graph } from '../graph/graph.ts';
import type { Weights } from '../graph/weights.ts';

export type { Weights };

export type Tensor =
  | { readonly dtype: 'f32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'i32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array };

export type Tensors = Readonly<Record<string, Tensor>>;

export interface CompileOptions {
  /** Training and scoring run large batches, decoding small ones: executors choose weight packing by it. */
  readonly purpose: 'training' | 'scoring' | 'decoding';
}

export interface Runtime {
  /** Shown to users and written into manifests, e.g. 'onnxruntime 1.30.0 cpu'. */
  readonly name: string;
  compile(graph: Graph, weights: Weights, options: CompileOptions): Promise<Executable>;
  dispose(): Promise<void>;
}

export interface Executable {
  /**
   * One run. `inputs` holds every graph input by name; the result every graph output by name, in buffers that the caller owns.
   * Symbolic dimensions take their lengths from the inputs and must agree among them.
   */
  run(inputs: Tensors): Promise<Tensors>;
  dispose(): Promise<void>;
}
