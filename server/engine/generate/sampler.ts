// The next token of one row from its best tokens. Sampling is cut to these best ones (128): what lies below has no weight worth a full sort.
import { present } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';

export interface BestTokens {
  /** Logits, descending. */
  readonly values: Float32Array;
  readonly indices: Int32Array;
  /** Of all logits. */
  readonly logSumExp: number;
}

export interface Sampling {
  /** 0 is greedy. */
  readonly temperature: number;
  /** The smallest set of best tokens with at least this probability is sampled from (Holtzman et al. 2020). */
  readonly topP: number;
}

export interface SampledToken {
  readonly id: number;
  /** Nats, at temperature 1. */
  readonly logProbability: number;
}

/** `allows` refuses tokens; where it refuses all of the best, it is not heard. */
export function sampleToken(best: BestTokens, { temperature, topP }: Sampling, random: Random, allows?: (id: number) => boolean): SampledToken {
  const { values, indices, logSumExp } = allows === undefined ? best : allowed(best, allows);
  const index = temperature === 0 ? 0 : sampledIndex(values, { temperature, topP }, random);
  return { id: present(indices[index]), logProbability: present(values[index]) - logSumExp };
}

/** A token that is given: how likely it was. Outside the best ones it counts as the least of them, which is more than it was. */
export function givenToken({ values, indices, logSumExp }: BestTokens, id: number): SampledToken {
  const at = indices.indexOf(id);
  return { id, logProbability: present(values.at(at)) - logSumExp };
}

function allowed(best: BestTokens, allows: (id: number) => boolean): BestTokens {
  const kept = [...best.indices.keys()].filter((at) => allows(present(best.indices[at])));
  if (kept.length === 0) return best;
  const values = Float32Array.from(kept, (at) => present(best.values[at]));
  return { values, indices: Int32Array.from(kept, (at) => present(best.indices[at])), logSumExp: best.logSumExp };
}

function sampledIndex(values: Float32Array, { temperature, topP }: Sampling, random: Random): number {
  const best = present(values[0]);
  const masses = Array.from(values, (value) => Math.exp((value - best) / temperature));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let [kept, keptMass] = [0, 0];
  while (kept < masses.length && keptMass < topP * total) keptMass += present(masses[kept++]);
  let left = random.next() * keptMass;
  for (let index = 0; index < kept; index++) {
    left -= present(masses[index]);
    if (left < 0) return index;
  }
  return kept - 1;
}
