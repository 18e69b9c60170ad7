// Did the tests rise or fall beyond chance? A paired sign-flip test over spans (exact up to 12 spans): under "no difference" each
// span's net change is as likely up as down. McNemar's test with the samples of one span kept together.
import { Random } from '../base/random.ts';
import { pairedInterval } from './bootstrap.ts';

/** Passes of one informative span, the same seeds on both sides. */
export interface SpanPasses {
  readonly id: string;
  readonly samples: number;
  readonly active: number;
  readonly candidate: number;
}

export type TestsVerdict = 'better' | 'same' | 'worse' | 'inconclusive';

export interface TestsComparison {
  readonly informative: number;
  /** Passes over spans × samples. */
  readonly before: number;
  readonly after: number;
  readonly trials: number;
  /** Mean over spans of (candidate passes - active passes) / samples; 0 where inconclusive. */
  readonly change: number;
  /** 90 % bootstrap interval of `change`, spans resampled; shown, while the exact test below decides. */
  readonly changeLow: number;
  readonly changeHigh: number;
  /** One-sided probability of a fall, or rise, at least this large by chance. */
  readonly chanceOfFall: number;
  readonly chanceOfRise: number;
  readonly verdict: TestsVerdict;
}

/** DESIGN.md: fewer than four informative spans prove nothing. */
export const minimumInformativeSpans = 4;

/** One-sided. At 5 % four spans could never speak (all four falling has a chance of 1 in 16), so a tenth. */
export const testsChance = 0.1;

export function compareTests(spans: readonly SpanPasses[], seed: number): TestsComparison {
  const interval = pairedInterval(spans.map((span) => ({ id: span.id, cluster: span.id, value: changeOf(span) })), { seed });
  const decided = decideTests(spans, seed);
  return {
    ...decided,
    informative: spans.length,
    before: total(spans.map(({ active }) => active)),
    after: total(spans.map(({ candidate }) => candidate)),
    trials: total(spans.map(({ samples }) => samples)),
    change: decided.verdict === 'inconclusive' ? 0 : interval.mean,
    changeLow: interval.low,
    changeHigh: interval.high,
  };
}

/** What the exact test says, without the figures that are shown beside it. */
export function decideTests(spans: readonly SpanPasses[], seed: number): Pick<TestsComparison, 'chanceOfFall' | 'chanceOfRise' | 'verdict'> {
  const { chanceOfFall, chanceOfRise } = signFlip(spans.map(changeOf), seed);
  const enough = spans.length >= minimumInformativeSpans;
  const verdict = !enough ? 'inconclusive' : chanceOfFall <= testsChance ? 'worse' : chanceOfRise <= testsChance ? 'better' : 'same';
  return { chanceOfFall, chanceOfRise, verdict };
}

function changeOf({ active, candidate, samples }: SpanPasses): number {
  return (candidate - active) / Math.max(samples, 1);
}

/** Shares of sign patterns whose sum is at most (at least) the one observed. */
function signFlip(changes: readonly number[], seed: number): { chanceOfFall: number; chanceOfRise: number } {
  const moved = changes.filter((change) => change !== 0);
  const observed = total(moved);
  const exact = moved.length <= 12;
  const patterns = exact ? 2 ** moved.length : 10_000;
  const random = new Random(seed);
  // Sums of the same numbers in another order differ in the last bits.
  const slack = 1e-9;
  let falls = 0;
  let rises = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < moved.length; i++) {
      const flipped = exact ? ((pattern >> i) & 1) === 1 : random.next() < 0.5;
      sum += flipped ? -(moved[i] ?? 0) : (moved[i] ?? 0);
    }
    if (sum <= observed + slack) falls++;
    if (sum >= observed - slack) rises++;
  }
  // The observed pattern is one of those possible: a sampled chance is never 0.
  const count = (n: number) => (exact ? n / patterns : (n + 1) / (patterns + 1));
  return { chanceOfFall: count(falls), chanceOfRise: count(rises) };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
