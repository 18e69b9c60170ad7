// Keys and values of a batch of rows, time-major per layer: appending a step is one copy at the end, and the past is a view
// from the start. Rows of different lengths end together: a shorter row begins later (`starts`).
import { assert, present } from '../../base/assert.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { Tensor, Tensors } from '../runtime/runtime.ts';

/** Where a row of a new cache comes from; null is a filling row that attends to nothing but itself. */
export interface CachedRow {
  readonly cache: KvCache;
  readonly row: number;
  /** Only so many of the row's columns, from its start; absent: all. */
  readonly length?: number;
}

export type RowSource = CachedRow | null;

/** Steps by which the buffers grow. */
const growth = 64;

export class KvCache {
  /** Columns that are filled. */
  length = 0;
  /** First valid column of each row. */
  readonly starts: Int32Array;
  private readonly width: number;
  /** keys of layer 0, values of layer 0, keys of layer 1, … each [capacity, rows, width]. */
  private buffers: Float32Array[];
  private capacity = 0;

  constructor(
    private readonly config: ModelConfig,
    /** K*S. */
    readonly nRows: number,
  ) {
    this.width = config.keyHeads * config.headSize;
    this.starts = new Int32Array(nRows);
    this.buffers = Array.from({ length: 2 * config.nLayers }, () => new Float32Array(0));
    this.reserve(1);
  }

  /** The rows of other caches side by side, ending together. */
  static gather(config: ModelConfig, sources: readonly RowSource[], extraCapacity = 0): KvCache {
    const gathered = new KvCache(config, sources.length);
    const lengthOf = ({ cache, row, length: wanted }: CachedRow): number => wanted ?? cache.length - present(cache.starts[row]);
    const length = Math.max(...sources.map((source) => (source === null ? 0 : lengthOf(source))));
    gathered.reserve(length + extraCapacity);
    gathered.length = length;
    for (const [row, source] of sources.entries()) {
      gathered.starts[row] = source === null ? length : length - lengthOf(source);
      if (source !== null) gathered.copyRow(row, source.cache, source.row);
    }
    return gathered;
  }

  /** pastKeys_i and pastValues_i [P, K, S, width], views of the buffers, and `starts` [K, S]. An empty past is one column of padding: P is at least 1. */
  past(candidates: number): Tensors {
    const grid = [candidates, this.nRows / candidates];
    const columns = Math.max(1, this.length);
    const padding = columns - this.length;
    const view = (buffer: Float32Array): Tensor => ({ dtype: 'f32', shape: [columns, ...grid, this.width], data: buffer.subarray(0, columns * this.nRows * this.width) });
    const past = this.buffers.map((buffer, index) => [`past${nameOf(index)}`, view(buffer)] as const);
    return { ...Object.fromEntries(past), starts: { dtype: 'i32', shape: grid, data: this.starts.map((start) => start + padding) } };
  }

  /** Appends deltaKeys_i and deltaValues_i [T, K, S, width]. */
  append(outputs: Tensors, tokens: number): void {
    this.reserve(this.length + tokens);
    const end = this.length * this.nRows * this.width;
    for (const [index, buffer] of this.buffers.entries()) {
      const delta = outputs[`delta${nameOf(index)}`];
      assert(delta?.dtype === 'f32', 'the new keys and values');
      buffer.set(delta.data, end);
    }
    this.length += tokens;
  }

  private reserve(columns: number): void {
    if (columns <= this.capacity) return;
    this.capacity = Math.max(columns, Math.ceil(this.capacity * 1.25)) + growth;
    const used = this.length * this.nRows * this.width;
    this.buffers = this.buffers.map((old) => {
      const grown = new Float32Array(this.capacity * this.nRows * this.width);
      grown.set(old.subarray(0, used));
      return grown;
    });
  }

  private copyRow(row: number, from: KvCache, fromRow: number): void {
    const [to, start, shift] = [present(this.starts[row]), present(from.starts[fromRow]), this.width];
    for (const [index, buffer] of this.buffers.entries()) {
      const source = present(from.buffers[index]);
      for (let column = 0; to + column < this.length; column++) {
        const at = ((start + column) * from.nRows + fromRow) * shift;
        buffer.set(source.subarray(at, at + shift), ((to + column) * this.nRows + row) * shift);
      }
    }
  }
}

function nameOf(index: number): string {
  return `${index % 2 === 0 ? 'Keys' : 'Values'}_${index >> 1}`;
}
