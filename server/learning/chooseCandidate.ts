// Which candidate goes on to be judged: the one with the largest gain on the choosing half, if that half can tell it from candidate 0. Of a dozen
// probes the best of several is mostly the luckiest; candidate 0 is the simplest and the same every time.
import { pairedInterval } from '../reward/bootstrap.ts';
import { differencesOf, type LogLikelihoods, type ScoredItem } from '../reward/denseGain.ts';
import { learning } from './constants.ts';

export interface Choice {
  /** Index of the winner. */
  readonly best: number;
  /** Mean gain over the active version, nats per token, of each candidate. */
  readonly gains: readonly number[];
}

/** `scored`: the active version, then the candidates. */
export function chooseCandidate(probes: readonly ScoredItem[], scored: readonly LogLikelihoods[], seed: number): Choice {
  const [active = new Map(), simplest = new Map()] = scored;
  const gainOver = (side: LogLikelihoods, candidate: LogLikelihoods) => pairedInterval(differencesOf(probes, { active: side, candidate }), { seed, level: learning.choiceConfidence });
  const gains = scored.slice(1).map((candidate) => gainOver(active, candidate).mean);
  const top = gains.reduce((best, gain, index) => (gain > (gains[best] ?? 0) ? index : best), 0);
  const isBetter = top !== 0 && gainOver(simplest, scored[top + 1] ?? simplest).low > 0;
  return { best: isBetter ? top : 0, gains };
}
