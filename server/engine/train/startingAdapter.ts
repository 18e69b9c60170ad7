// The adapter a candidate starts from, in the rank that it will have: fresh, or another adapter that may have a smaller rank. The columns
// of A that come new are random as in a fresh adapter (their rows of B are zero): zero in both could never learn.
import type { Random } from '../../base/random.ts';
import { adapterLayout, type LinearModule } from '../lora/adapterLayout.ts';
import { freshAdapter, scaleOf, type FlatAdapter } from '../lora/flatAdapter.ts';

export interface StartOptions {
  readonly rank: number;
  readonly alpha: number;
  readonly random: Random;
}

/** Always a buffer of its own. Has the scale alpha / rank of the options and computes exactly what `from` computes. */
export function startingAdapter(linears: readonly LinearModule[], from: FlatAdapter | null, { rank, alpha, random }: StartOptions): FlatAdapter {
  const full = Math.max(rank, from?.rank ?? 0);
  const layout = adapterLayout(linears, full);
  const fresh = freshAdapter(layout, { alpha: (alpha * full) / rank, random });
  if (from === null) return fresh;
  const old = adapterLayout(linears, from.rank);
  const rescale = scaleOf(from) / scaleOf(fresh);
  for (const [index, { a, b, inputs }] of layout.modules.entries()) {
    const source = old.modules[index];
    if (source === undefined) continue;
    for (let row = 0; row < inputs; row++) {
      const start = source.a.offset + row * from.rank;
      fresh.values.set(from.values.subarray(start, start + from.rank), a.offset + row * full);
    }
    const given = from.values.subarray(source.b.offset, source.b.offset + source.b.rows * source.b.columns);
    for (let i = 0; i < given.length; i++) fresh.values[b.offset + i] = (given[i] as number) * rescale;
  }
  return fresh;
}
