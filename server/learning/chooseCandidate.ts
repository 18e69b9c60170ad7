// Which candidate goes on to be judged: the one with the largest gain on the choosing half, if that half can tell it from candidate 0. Of a dozen
// probes the best of several is mostly the luckiest; candidate 0 is the simplest and the same every time.
import { pairedInterval } from '../reward/bootstrap.ts';
import { differencesOf, type LogLikelihoods, type ScoredItem } from '../reward/denseGain.ts';
import type { Interval } from '../reward/probe.ts';
import { learning } from './constants.ts';

export interface Choice {
  /** Index of the winner. */
  readonly best: number;
  /** Mean gain over candidate 0, nats per token, of each candidate. */
  readonly gains: readonly number[];
}

/** `scored`: the candidates, in their order. */
export function chooseCandidate(probes: readonly ScoredItem[], scored: readonly LogLikelihoods[], seed: number): Choice {
  const [simplest = new Map()] = scored;
  const gains = scored.map((candidate) => interval(probes, { active: simplest, candidate }, seed).mean);
  const best = gains.reduce((top, gain, index) => (gain > (gains[top] ?? 0) ? index : top), 0);
  return { best: best !== 0 && beats(probes, { active: simplest, candidate: scored[best] ?? simplest }, seed) ? best : 0, gains };
}

/** Whether the candidate is better than `active` beyond what choosing calls chance. */
export function beats(probes: readonly ScoredItem[], sides: { readonly active: LogLikelihoods; readonly candidate: LogLikelihoods }, seed: number): boolean {
  return interval(probes, sides, seed).low > 0;
}

function interval(probes: readonly ScoredItem[], sides: { readonly active: LogLikelihoods; readonly candidate: LogLikelihoods }, seed: number): Interval {
  return pairedInterval(differencesOf(probes, sides), { seed, level: learning.choiceConfidence });
}
