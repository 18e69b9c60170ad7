// From measured steps to the figures of a replay. Pure, so that the same steps always give the same figures.
import { pairedInterval, unpairedInterval, type Difference } from '../reward/bootstrap.ts';
import type { Compared, FreshGain, GainsByVerdict, JudgedRow, NextCommitFigures, ReplayItem, ReplayStep } from './replayResult.ts';

/** Commits after a cycle on which what it made is measured: the lines of a single one are few, and all about one thing. */
export const horizon = 3;

/** Gains of what a cycle made, on the items of one commit after it. */
export interface FreshMeasurement {
  readonly promoted: boolean;
  /** That the cycle learnt. */
  readonly commit: string;
  /** 1: the items are of the next commit; at most `horizon`. */
  readonly after: number;
  readonly differences: readonly Difference[];
}

export function summariseItems(steps: readonly ReplayStep[], fresh: readonly FreshMeasurement[], seed: number): NextCommitFigures {
  const items = steps.flatMap((step) => step.items.map((item) => ({ item, cluster: `${step.commit}:${item.path}` })));
  const gainOver = (other: keyof Compared<number>) =>
    pairedInterval(
      items.map(({ item, cluster }) => ({ id: item.id, cluster, value: item.logLikelihood.adapted - item.logLikelihood[other] })),
      { seed },
    );
  const gain = gainOver('base');
  const overOther = gainOver('otherRepository');
  const all = items.map(({ item }) => item);
  return {
    items: items.length,
    exactMatch: compared(all, (item) => item.exact, Number),
    editSimilarity: compared(all, (item) => item.editSimilarity, (value) => value),
    logLikelihood: {
      ...compared(all, (item) => item.logLikelihood, (value) => value),
      gain: gain.mean,
      gainLow: gain.low,
      gainHigh: gain.high,
      gainOverOther: overOther.mean,
      gainOverOtherLow: overOther.low,
      gainOverOtherHigh: overOther.high,
    },
    ...byVerdict(fresh.filter(({ after }) => after === 1), seed),
    nextThree: byVerdict(fresh, seed),
  };
}

function byVerdict(fresh: readonly FreshMeasurement[], seed: number): GainsByVerdict {
  const [promoted, rejected] = [fresh.filter((each) => each.promoted), fresh.filter((each) => !each.promoted)];
  const byCycle = (measurements: readonly FreshMeasurement[]): Difference[] =>
    measurements.flatMap(({ commit, differences }) => differences.map((difference) => ({ ...difference, cluster: commit })));
  return { promotedGain: freshGain(promoted, seed), rejectedGain: freshGain(rejected, seed), promotedOverRejected: unpairedInterval(byCycle(promoted), byCycle(rejected), { seed }) };
}

export function nextGain(measured: FreshMeasurement | undefined): JudgedRow['next'] {
  if (measured === undefined || measured.differences.length === 0) return null;
  const { differences } = measured;
  return { items: differences.length, gain: differences.reduce((sum, { value }) => sum + value, 0) / differences.length };
}

function compared<T>(items: readonly ReplayItem[], read: (item: ReplayItem) => Compared<T>, toNumber: (value: T) => number): Compared<number> {
  const mean = (which: keyof Compared<T>) =>
    items.length === 0 ? 0 : items.reduce((sum, item) => sum + toNumber(read(item)[which]), 0) / items.length;
  return { base: mean('base'), adapted: mean('adapted'), otherRepository: mean('otherRepository') };
}

function freshGain(measurements: readonly FreshMeasurement[], seed: number): FreshGain {
  const differences = measurements.flatMap((each) => each.differences);
  return {
    cycles: new Set(measurements.flatMap(({ commit, differences: { length } }) => (length > 0 ? [commit] : []))).size,
    items: differences.length,
    gain: differences.length === 0 ? null : pairedInterval(differences, { seed }),
  };
}
