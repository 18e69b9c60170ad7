// The dense part of the reward: how much likelier the probes' answers became, in nats per token.
// Per token, because a sum would let the few longest answers decide.
import type { Example } from '../base/prompt.ts';
import type { Difference } from './bootstrap.ts';

/** Anything with an answer whose likelihood is measured. */
export interface ScoredItem {
  readonly id: string;
  readonly path: string;
  /** What the item stands in; absent: the file. Items of one place rise and fall together. */
  readonly declaration?: string;
  readonly example: Example;
}

/** Mean log-likelihood of each item's answer, nats per token, by id. Score once per adapter and compare as often as needed. */
export type LogLikelihoods = ReadonlyMap<string, number>;

/** Items that both sides have, candidate minus active. */
export function differencesOf(
  items: readonly ScoredItem[],
  sides: { readonly active: LogLikelihoods; readonly candidate: LogLikelihoods },
): Difference[] {
  return items.flatMap(({ id, path, declaration }) => {
    const active = sides.active.get(id);
    const candidate = sides.candidate.get(id);
    return active === undefined || candidate === undefined ? [] : [{ id, cluster: declaration === undefined ? path : `${path}#${declaration}`, value: candidate - active }];
  });
}
