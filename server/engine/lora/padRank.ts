// Rank padding, so that candidates of different rank share a batch. Added columns of A and rows of B are zero and stay zero in training:
// their gradients are products with each other. The scale must stay that of the true rank, so alpha grows with the padding.
import { assert } from '../../base/assert.ts';
import { adapterLayout, type AdapterLayout, type LinearModule } from './adapterLayout.ts';
import type { FlatAdapter } from './flatAdapter.ts';

export function padRank(linears: readonly LinearModule[], adapter: FlatAdapter, rank: number): FlatAdapter {
  assert(rank >= adapter.rank, `cannot pad rank ${adapter.rank} to ${rank}`);
  if (rank === adapter.rank) return adapter;
  return resized(linears, adapter, rank);
}

/** Undoes `padRank`: drops the columns and rows above `rank`, which must be zero. */
export function unpadRank(linears: readonly LinearModule[], adapter: FlatAdapter, rank: number): FlatAdapter {
  assert(rank <= adapter.rank, `cannot cut rank ${adapter.rank} to ${rank}`);
  if (rank === adapter.rank) return adapter;
  return resized(linears, adapter, rank);
}

function resized(linears: readonly LinearModule[], adapter: FlatAdapter, rank: number): FlatAdapter {
  const from = adapterLayout(linears, adapter.rank);
  const to = adapterLayout(linears, rank);
  assert(adapter.values.length === from.size, 'the adapter has the size of its layout');
  const values = new Float32Array(to.size);
  for (const [index, module] of to.modules.entries()) copyModule(adapter.values, from, values, module, index);
  return { rank, alpha: (adapter.alpha * rank) / adapter.rank, values };
}

function copyModule(source: Float32Array, from: AdapterLayout, target: Float32Array, module: AdapterLayout['modules'][number], index: number): void {
  const old = from.modules[index];
  assert(old !== undefined, 'layouts of the same modules');
  const shared = Math.min(old.a.columns, module.a.columns);
  for (let row = 0; row < module.inputs; row++) {
    const start = old.a.offset + row * old.a.columns;
    target.set(source.subarray(start, start + shared), module.a.offset + row * module.a.columns);
  }
  target.set(source.subarray(old.b.offset, old.b.offset + shared * module.outputs), module.b.offset);
}
