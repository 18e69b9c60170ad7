// A written candidate's pairs under candidate 0's budget, so that it wins by what it teaches and not by how much.
import type { Pair } from './pair.ts';
import { exampleTokens } from './exampleTokens.ts';

export interface DrawOptions {
  /** Per written pair the pairs made of it, question first. */
  readonly own: readonly (readonly Pair[])[];
  /** Candidate 0's, in its order: every beginning of it is balanced over changes and forms. */
  readonly structural: readonly Pair[];
  readonly budgetTokens: number;
  readonly countTokens: (text: string) => number;
}

/** At most this share goes to the model's own pairs: what completion serves stays the larger part. */
const ownShare = 0.5;

export function drawWithin({ own, structural, budgetTokens, countTokens }: DrawOptions): { readonly pairs: readonly Pair[]; readonly tokens: number } {
  const pairs: Pair[] = [];
  let tokens = 0;
  const take = (pair: Pair, limit: number): void => {
    const cost = exampleTokens(pair.example, countTokens);
    if (tokens + cost > limit) return;
    tokens += cost;
    pairs.push(pair);
  };
  // Every question before the first serving-format copy: distinct knowledge before another form of the same.
  for (const turn of [0, 1]) for (const made of own) if (made[turn] !== undefined) take(made[turn], budgetTokens * ownShare);
  for (const pair of structural) take(pair, budgetTokens);
  return { pairs, tokens };
}
