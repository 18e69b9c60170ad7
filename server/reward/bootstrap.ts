// Paired bootstrap, clustered by file: whole files are resampled, because items of one file rise and fall together and
// counting them as independent would make every interval too narrow.
import { Random } from '../base/random.ts';
import type { Interval } from './probe.ts';

/** One item measured under both adapters. */
export interface Difference {
  readonly id: string;
  /** Candidate minus active. */
  readonly value: number;
  /** The file. */
  readonly cluster: string;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Two-sided; 0.9 leaves 5 % on each side. */
  readonly level?: number;
  readonly resamples?: number;
}

/**
 * Mean of the differences with its percentile interval. Two stages (files, then items within each file drawn): with many files
 * the first stage decides, with one file what is left is the plain bootstrap over its items. No items: all zero.
 * How many items and files are enough is the gate's business (`enoughProbes`), not this function's.
 */
export function pairedInterval(differences: readonly Difference[], options: BootstrapOptions): Interval {
  const clusters = valuesByCluster(differences);
  if (clusters.length === 0) return { mean: 0, low: 0, high: 0 };
  const { level = 0.9, resamples = 2000 } = options;
  const random = new Random(options.seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) means[r] = resampledMean(clusters, random);
  means.sort();
  const tail = (1 - level) / 2;
  const mean = clusters.flat().reduce((sum, value) => sum + value, 0) / differences.length;
  return { mean, low: quantile(means, tail), high: quantile(means, 1 - tail) };
}

/** Sorted by the cluster's name and the item's id, so that the order of the items does not change the interval. */
function valuesByCluster(differences: readonly Difference[]): number[][] {
  const byName = new Map<string, Difference[]>();
  for (const difference of differences) {
    const list = byName.get(difference.cluster);
    if (list === undefined) byName.set(difference.cluster, [difference]);
    else list.push(difference);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, items]) => items.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ value }) => value));
}

/** Every item counts the same, so a ratio of sums: large files weigh more. */
function resampledMean(clusters: readonly number[][], random: Random): number {
  let sum = 0;
  let count = 0;
  for (let c = 0; c < clusters.length; c++) {
    const values = random.pick(clusters);
    for (let i = 0; i < values.length; i++) sum += random.pick(values);
    count += values.length;
  }
  return sum / count;
}

/** Linear interpolation between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}
