// An adapter in memory: one flat buffer in the layout of its rank. What training starts from and ends with.
import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { AdapterLayout } from './adapterLayout.ts';

export interface FlatAdapter {
  readonly rank: number;
  /** The update is alpha / rank * A·B. */
  readonly alpha: number;
  /** In the order of `adapterLayout(modules, rank)`. */
  readonly values: Float32Array;
}

export function scaleOf(adapter: { readonly rank: number; readonly alpha: number }): number {
  return adapter.alpha / adapter.rank;
}

/** As PEFT starts: A Kaiming-uniform with a = sqrt(5), that is uniform in ±1/sqrt(in); B zero, so the update is zero. */
export function freshAdapter(layout: AdapterLayout, { alpha, random }: { alpha: number; random: Random }): FlatAdapter {
  const values = new Float32Array(layout.size);
  for (const { a, inputs } of layout.modules) {
    const bound = 1 / Math.sqrt(inputs);
    for (let index = a.offset; index < a.offset + a.rows * a.columns; index++) values[index] = (2 * random.next() - 1) * bound;
  }
  return { rank: layout.rank, alpha, values };
}

/** The flat buffer [K, size] that a graph takes, of adapters that all have the layout's rank (see `padRank`), and their scales [K]. */
export function stackAdapters(layout: AdapterLayout, adapters: readonly FlatAdapter[]): { values: Float32Array; scale: Float32Array } {
  const values = new Float32Array(adapters.length * layout.size);
  for (const [index, adapter] of adapters.entries()) {
    assert(adapter.values.length === layout.size, `adapter ${index} has ${adapter.values.length} elements, not ${layout.size}`);
    values.set(adapter.values, index * layout.size);
  }
  return { values, scale: Float32Array.from(adapters, scaleOf) };
}
