// Paired bootstrap over clusters: whole declarations (of probes) or files (of a commit's lines) are resampled, because items of one place rise and
// fall together and counting them as independent would make every interval too narrow.
import { Random } from '../base/random.ts';
import type { Interval } from './probe.ts';

/** One item measured under both adapters. */
export interface Difference {
  readonly id: string;
  /** Candidate minus active. */
  readonly value: number;
  readonly cluster: string;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Two-sided; 0.9 leaves 5 % on each side. */
  readonly level?: number;
  readonly resamples?: number;
}

/**
 * Mean of the differences with its percentile interval. Clusters are drawn whole: the items of one that is drawn are not drawn again within it, which
 * would count their spread twice (Davison and Hinkley 1997, section 3.8; Field and Welsh 2007). No items: all zero.
 * How many items and files are enough is the gate's business (`enoughProbes`), not this function's.
 */
export function pairedInterval(differences: readonly Difference[], options: BootstrapOptions): Interval {
  if (differences.length === 0) return { mean: 0, low: 0, high: 0 };
  const drawn = drawnClusters(differences);
  return expandedInterval(meanOf(drawn), resampledMeans(drawn, new Random(options.seed), options), { clusters: drawn.length, options });
}

/** The mean of some minus the mean of others, which have nothing to do with each other; null where there are none of either. */
export function unpairedInterval(some: readonly Difference[], others: readonly Difference[], options: BootstrapOptions): Interval | null {
  if (some.length === 0 || others.length === 0) return null;
  const [ofSome, ofOthers] = [drawnClusters(some), drawnClusters(others)];
  const random = new Random(options.seed);
  const against = resampledMeans(ofOthers, random, options);
  const means = resampledMeans(ofSome, random, options).map((mean, r) => mean - (against[r] ?? 0));
  return expandedInterval(meanOf(ofSome) - meanOf(ofOthers), means, { clusters: Math.min(ofSome.length, ofOthers.length), options });
}

/** In the clusters' order, so that the order of the items does not change the last digit. */
function meanOf(clusters: readonly number[][]): number {
  const values = clusters.flat();
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With one cluster its items are drawn. */
function drawnClusters(differences: readonly Difference[]): readonly number[][] {
  const clusters = valuesByCluster(differences);
  const [only] = clusters;
  return clusters.length === 1 && only !== undefined ? only.map((value) => [value]) : clusters;
}

function resampledMeans(clusters: readonly number[][], random: Random, { resamples = 2000 }: BootstrapOptions): Float64Array {
  return new Float64Array(resamples).map(() => resampledMean(clusters, random));
}

function expandedInterval(mean: number, means: Float64Array, { clusters, options: { level = 0.9 } }: { readonly clusters: number; readonly options: BootstrapOptions }): Interval {
  means.sort();
  const tail = (1 - level) / 2;
  const widening = smallSampleWidening(clusters, 1 - tail);
  return { mean, low: mean - widening * (mean - quantile(means, tail)), high: mean + widening * (quantile(means, 1 - tail) - mean) };
}

/**
 * A bootstrap of few clusters takes their spread for known and makes intervals too narrow: with four clusters a "95 %" bound fails one time in eight.
 * Student's t over the normal quantile, and the spread's own bias (Cameron, Gelbach and Miller 2008; Hesterberg 2015, "expanded percentile interval").
 */
function smallSampleWidening(count: number, share: number): number {
  if (count < 2) return 1;
  return (Math.sqrt(count / (count - 1)) * studentQuantile(share, count - 1)) / normalQuantile(share);
}

/** Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5); exact for one and two degrees of freedom, where it would be far off. */
function studentQuantile(share: number, degrees: number): number {
  if (degrees === 1) return Math.tan(Math.PI * (share - 0.5));
  if (degrees === 2) return (2 * share - 1) * Math.sqrt(2 / (4 * share * (1 - share)));
  const z = normalQuantile(share);
  const terms = [z, (z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96, (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384];
  return terms.reduce((sum, term, power) => sum + term / degrees ** power, 0);
}

/** Abramowitz and Stegun 26.2.23; the error is below 4.5e-4. For shares above a half. */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - share));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
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
    for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
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
