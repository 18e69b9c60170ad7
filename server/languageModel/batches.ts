// Splits a list into batches of bounded weight; items of like weight share one, because a batch costs what its longest costs.

/** Index lists into `weights`, heaviest first. A single item over the bound makes a batch of its own. */
export function batchesByWeight(weights: readonly number[], { maxWeight, maxItems }: { readonly maxWeight: number; readonly maxItems: number }): number[][] {
  const order = [...weights.keys()].sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const index of order) {
    const weight = weights[index] as number;
    if (batch.length > 0 && (batch.length === maxItems || Math.max(longest, weight) * (batch.length + 1) > maxWeight)) {
      batches.push(batch);
      batch = [];
      longest = 0;
    }
    batch.push(index);
    longest = Math.max(longest, weight);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
