// The control of a replay: an adapter trained from the base with the winner's recipe and as many pairs, on another project's pairs.
// What it gains over the base is format and language; only what the adapted versions gain beyond it is knowledge of this repository.
import type { Recipe, TrainCandidate } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Pair } from '../selfEdit/pair.ts';

export function otherRepositoryCandidate(foreign: readonly Pair[], like: { readonly pairs: number; readonly recipe: Recipe; readonly seed: number }): TrainCandidate {
  const shuffled = new Random(`${like.seed}:otherRepository`).shuffled(foreign);
  const examples = Array.from({ length: shuffled.length === 0 ? 0 : like.pairs }, (_, i) => shuffled[i % shuffled.length]?.example).filter((each) => each !== undefined);
  return { name: 'otherRepository', examples, recipe: like.recipe, seed: like.seed, from: null };
}
