// What a row of a batch costs by its length, and how long it may be.

/** Rows are no longer than this unless one sequence is: attention is quadratic in the row, and half of a long packed row is masked anyway. */
export const rowTokens = 512;
/** Row lengths are multiples of this: onnxruntime's arena keeps memory for every new shape. */
export const rowMultiple = 16;
/** At this row length attention takes as long as the rest (measured with a hidden size of 384). */
const attentionTokens = 768;

/** In tokens: the row's own, and a share for attention that grows with it. */
export function rowCost(length: number): number {
  return length * (1 + length / attentionTokens);
}

export function roundUp(value: number, multiple: number): number {
  return Math.max(multiple, Math.ceil(value / multiple) * multiple);
}
