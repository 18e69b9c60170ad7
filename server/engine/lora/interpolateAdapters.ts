// Between two adapters, and beyond the second where share is above 1: A and B are each (1 - share) * from + share * to. From the base (null) only B moves: the base is the
// adapter with the same A and B = 0, so the update is scaled by `share`. The result has the scale of `to`.
import type { LinearModule } from './adapterLayout.ts';
import { adapterLayout } from './adapterLayout.ts';
import { scaleOf, type FlatAdapter } from './flatAdapter.ts';
import { padRank } from './padRank.ts';

export function interpolateAdapters(linears: readonly LinearModule[], from: FlatAdapter | null, to: FlatAdapter, share: number): FlatAdapter {
  const rank = Math.max(from?.rank ?? 0, to.rank);
  const end = padRank(linears, to, rank);
  const start = from === null ? null : padRank(linears, from, rank);
  // B of `from` is expressed in the scale of `to`, so that share 0 is exactly the update of `from`.
  const rescale = start === null ? 0 : scaleOf(start) / scaleOf(end);
  const values = new Float32Array(end.values);
  for (const { a, b } of adapterLayout(linears, rank).modules) {
    for (let index = a.offset; index < b.offset; index++) {
      values[index] = (1 - share) * ((start ?? end).values[index] ?? 0) + share * (end.values[index] ?? 0);
    }
    for (let index = b.offset; index < b.offset + b.rows * b.columns; index++) {
      values[index] = (1 - share) * rescale * (start?.values[index] ?? 0) + share * (end.values[index] ?? 0);
    }
  }
  return { rank, alpha: end.alpha, values };
}
