// The recipe line: how a model says in one line how its pairs should be trained, `key=value key=value …`.
// What it writes is data from outside: validated, clamped to what is known to work, never refused for one odd value.
import { z } from 'zod';
import { structuralForms, writtenForms, type Form, type Recipe } from '../base/prompt.ts';

/**
 * Learning rate 2e-4 to 1e-3 and rank 16 to 32 on all linear layers: Code2LoRA (2e-4, r16) to SEAL (1e-3, r32). Epochs: Code2LoRA 3, SEAL 10; beyond eight
 * the small pair sets of one commit are learnt by heart. Replay 10-25 %: rehearsal of 10 % preserved exact match.
 */
export const recipeBounds = { learningRate: [2e-4, 1e-3], epochs: [1, 8], replay: [0.1, 0.25], ranks: [16, 32], weight: [0, 8] } as const;

export const defaultRecipe: Recipe = {
  learningRate: 5e-4,
  epochs: 4,
  loss: 'answers',
  replay: 0.15,
  rank: 16,
  mix: { fim: 4, callSite: 2, signature: 1, rename: 2, question: 1, usage: 1, rewrite: 1, implication: 1, contrast: 1 },
  augment: 'none',
};

const forms: readonly string[] = [...structuralForms, ...writtenForms];
const number = z.string().transform(Number).refine((value) => Number.isFinite(value) && value > 0);

const line = z
  .object({
    learningRate: number.transform((value) => clamp(value, recipeBounds.learningRate)),
    epochs: number.transform((value) => Math.round(clamp(value, recipeBounds.epochs))),
    loss: z.enum(['answers', 'all']),
    replay: number.transform((value) => clamp(value, recipeBounds.replay)),
    rank: number.transform((value) => (value < 24 ? recipeBounds.ranks[0] : recipeBounds.ranks[1])),
    mix: z.string().transform(parseMix).refine((mix) => Object.keys(mix).length > 0),
    augment: z.enum(['none', 'reorder', 'context']),
  })
  .partial();

/** Null where the line states nothing usable. Keys that are missing, unknown or malformed take the default. */
export function parseRecipe(text: string): Recipe | null {
  const entries = text.slice(0, 400).trim().split(/\s+/).map((part) => part.split('=', 2) as [string, string | undefined]);
  const stated: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (value === undefined || !Object.hasOwn(line.shape, key)) continue;
    const parsed = line.safeParse({ [key]: value });
    if (parsed.success) Object.assign(stated, parsed.data);
  }
  return Object.keys(stated).length === 0 ? null : { ...defaultRecipe, ...stated };
}

/** The line that `parseRecipe` reads back to the same recipe. */
export function formatRecipe(recipe: Recipe): string {
  const mix = Object.entries(recipe.mix).map(([form, weight]) => `${form}:${weight}`).join(',');
  return `learningRate=${recipe.learningRate.toExponential()} epochs=${recipe.epochs} loss=${recipe.loss} replay=${recipe.replay} rank=${recipe.rank} mix=${mix} augment=${recipe.augment}`;
}

function parseMix(text: string): Partial<Record<Form, number>> {
  const mix: Partial<Record<Form, number>> = {};
  for (const part of text.split(',')) {
    const [form, weight] = part.split(':');
    const value = Number(weight);
    if (form !== undefined && isForm(form) && Number.isFinite(value) && value > 0) mix[form] = clamp(value, recipeBounds.weight);
  }
  return mix;
}

function isForm(text: string): text is Form {
  return forms.includes(text);
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
