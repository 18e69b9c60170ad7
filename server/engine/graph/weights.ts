// The frozen constants that a graph is compiled against, as data: in memory (tests) or as places in a file that executors memory-map.

/** Where the constants of a graph come from, by checkpoint name. All f32, little-endian, row-major. */
export type Weights =
  | { readonly kind: 'memory'; readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }> }
  | {
      readonly kind: 'file';
      /** Absolute; not a symbolic link out of its folder (onnxruntime refuses those). */
      readonly path: string;
      /** Offsets from the start of the file. */
      readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly offsetBytes: number; readonly lengthBytes: number }>;
    };
