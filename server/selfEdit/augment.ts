// The augmentations a recipe can ask for. They replace examples by variants of the same length or less, so a budget still holds.
import { Random } from '../base/random.ts';
import type { Recipe } from '../base/prompt.ts';
import { makePair, type Pair } from './pair.ts';

/**
 * `reorder`: context snippets in another order, so that their place means nothing. `context`: every second pair without its context, so that
 * the weights learn what the prompt would else have told. Deterministic in pairs and seed.
 */
export function augmented(pairs: readonly Pair[], augment: Recipe['augment'], seed: number): Pair[] {
  if (augment === 'none') return [...pairs];
  const random = new Random(seed);
  let turn = 0;
  return pairs.map((pair) => {
    const { prompt, answer } = pair.example;
    if (prompt.kind !== 'fim' || prompt.context.length === 0) return pair;
    const context = augment === 'reorder' ? random.fork(pair.id).shuffled(prompt.context) : turn++ % 2 === 0 ? prompt.context : [];
    const { id: _, ...fields } = pair;
    return makePair({ ...fields, example: { prompt: { ...prompt, context }, answer } });
  });
}
