// Values of the IR: named tensors with a dtype and a shape whose dimensions are numbers or symbols. Plain data.
// A symbol ('T') stands for one length per run; two dimensions are equal exactly if they are the same number or symbol.

export type DType = 'f32' | 'i32' | 'bool';
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** `id` is unique in a graph and is its identity; `name` is unique too and is what executors and printers show. */
export interface Value extends TensorType {
  readonly id: number;
  readonly name: string;
}

/**
 * The symbols that our graphs use. Every activation is [K, S, T, width]:
 *  K candidates (or adapters), S rows of each, T tokens of a row, P tokens in the KV cache, N loss rows of a candidate.
 */
export const symbols = { candidates: 'K', rows: 'S', tokens: 'T', past: 'P', lossRows: 'N' } as const;

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, index) => dim === b[index]);
}

export function printShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
