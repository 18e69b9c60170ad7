// The dense part of the reward: how much likelier the probes' answers became, in nats per token.
// Per token, because a sum would let the few longest answers decide.
import { present } from '../base/assert.ts';
import type { AdapterHandle, Example } from '../base/prompt.ts';
import type { Difference } from './bootstrap.ts';
import type { CallOptions, Scorer } from './model.ts';

/** Anything with an answer whose likelihood is measured. */
export interface ScoredItem {
  readonly id: string;
  readonly path: string;
  readonly example: Example;
}

/** Mean log-likelihood of each item's answer, nats per token, by id. Score once per adapter and compare as often as needed. */
export type LogLikelihoods = ReadonlyMap<string, number>;

export async function logLikelihoods(
  items: readonly ScoredItem[],
  adapter: AdapterHandle,
  scorer: Scorer,
  options: CallOptions = {},
): Promise<LogLikelihoods> {
  if (items.length === 0) return new Map();
  const scored = await scorer.score(items.map(({ example }) => ({ example, adapter })), options);
  return new Map(
    items.map((item, index) => {
      const { logProbability, tokens } = present(scored[index], 'score of a probe');
      return [item.id, logProbability / Math.max(tokens, 1)];
    }),
  );
}

/** Items that both sides have, candidate minus active. */
export function differencesOf(
  items: readonly ScoredItem[],
  sides: { readonly active: LogLikelihoods; readonly candidate: LogLikelihoods },
): Difference[] {
  return items.flatMap(({ id, path }) => {
    const active = sides.active.get(id);
    const candidate = sides.candidate.get(id);
    return active === undefined || candidate === undefined ? [] : [{ id, cluster: path, value: candidate - active }];
  });
}
