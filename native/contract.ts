// The whole contract of the CUDA addon in one typed file. No binary ships yet: `loadNative` answers "absent", and everything
// runs on onnxruntime. The addon will execute the same graphs (server/engine/graph) with fused kernels.

export interface NativeDevice {
  readonly name: string;
  readonly memoryBytes: number;
  readonly computeCapability: string;
}

/** Opaque; owned by the addon. */
export type NativeGraph = { readonly nativeGraph: unique symbol };

export interface NativeAddon {
  readonly contractVersion: 1;
  devices(): readonly NativeDevice[];
  /** `program` is the printed graph; `weights` maps a weight's name to its bytes in the memory-mapped file. */
  compile(program: string, weights: ReadonlyMap<string, Uint8Array>): NativeGraph;
  run(graph: NativeGraph, inputs: ReadonlyMap<string, Float32Array | Int32Array>): Promise<ReadonlyMap<string, Float32Array>>;
  release(graph: NativeGraph): void;
}

export type NativeLoad =
  | { readonly kind: 'loaded'; readonly addon: NativeAddon }
  | { readonly kind: 'absent'; readonly why: string };
