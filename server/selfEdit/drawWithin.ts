// A written candidate's pairs under candidate 0's budget, so that it wins by what it teaches and not by how much.
import { structuralForms, writtenForms, type Recipe } from '../base/prompt.ts';
import { exampleTokens } from './exampleTokens.ts';
import type { Pair } from './pair.ts';
import { weightedTurns } from './weightedTurns.ts';

export interface DrawOptions {
  /** Per written pair the pairs made of it, question first. */
  readonly own: readonly (readonly Pair[])[];
  /** Candidate 0's, in its order: every beginning of it is balanced over changes. */
  readonly structural: readonly Pair[];
  /** Its mix decides how much is the model's own, and which of candidate 0's pairs come first. */
  readonly recipe: Recipe;
  readonly budgetTokens: number;
  readonly countTokens: (text: string) => number;
}

/** Of the tokens, for the model's own pairs: what completion serves stays the larger part, and some of what was written is always tried. */
const ownShare = { least: 0.2, most: 0.5 } as const;
/** A form that the mix leaves out comes late, not never: the budget is to be spent. */
const unnamedWeight = 0.1;

export function drawWithin({ own, structural, recipe, budgetTokens, countTokens }: DrawOptions): { readonly pairs: readonly Pair[]; readonly tokens: number } {
  const pairs: Pair[] = [];
  let tokens = 0;
  const take = (pair: Pair, limit: number): void => {
    const cost = exampleTokens(pair.example, countTokens);
    if (tokens + cost > limit) return;
    tokens += cost;
    pairs.push(pair);
  };
  const ownLimit = budgetTokens * shareOfWritten(recipe);
  // Every question before the first serving-format copy: distinct knowledge before another form of the same.
  for (const turn of [0, 1]) for (const made of own) if (made[turn] !== undefined) take(made[turn], ownLimit);
  const byForm = structuralForms.map((form) => ({ weight: recipe.mix[form] ?? unnamedWeight, items: structural.filter((pair) => pair.form === form) }));
  for (const pair of weightedTurns(byForm)) take(pair, budgetTokens);
  return { pairs, tokens };
}

function shareOfWritten({ mix }: Recipe): number {
  const weightOf = (forms: readonly (keyof Recipe['mix'])[]): number => forms.reduce((sum, form) => sum + (mix[form] ?? 0), 0);
  const written = weightOf(writtenForms);
  const share = written / Math.max(written + weightOf(structuralForms), 1e-9);
  return Math.min(ownShare.most, Math.max(ownShare.least, share));
}
