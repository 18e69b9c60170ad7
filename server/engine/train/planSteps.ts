// Which examples each step of one candidate trains on: epoch after epoch in a fresh order, cut into steps of about equal size.
import { present } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { Sequence } from './packRows.ts';
import type { TrainExample, TrainRecipe } from './trainCandidates.ts';

export interface PlanOptions {
  readonly recipe: TrainRecipe;
  readonly tokensPerStep: number;
  readonly contextTokens: number;
  readonly random: Random;
}

/** Every example once per epoch; examples without a token that counts are left out. */
export function planSteps(examples: readonly TrainExample[], { recipe, tokensPerStep, contextTokens, random }: PlanOptions): Sequence[][] {
  const sequences = examples.map((example) => toSequence(example, recipe.loss, contextTokens)).filter(({ ids, lossStart }) => lossStart < ids.length);
  if (sequences.length === 0) return [];
  const total = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const stepsPerEpoch = Math.min(sequences.length, Math.max(1, Math.round(total / tokensPerStep)));
  return Array.from({ length: recipe.epochs }, (_, epoch) => {
    const order = random.fork(`epoch ${epoch}`).shuffled(sequences);
    return balanced(order, stepsPerEpoch);
  }).flat();
}

/** Cuts `order` into `count` non-empty parts with about the same number of tokens. */
function balanced(order: readonly Sequence[], count: number): Sequence[][] {
  const total = order.reduce((sum, { ids }) => sum + ids.length, 0);
  const parts: Sequence[][] = Array.from({ length: count }, () => []);
  let [part, seen] = [0, 0];
  for (const [index, sequence] of order.entries()) {
    // The middle of the sequence decides; every later part must still get one.
    const wanted = Math.floor(((seen + sequence.ids.length / 2) / total) * count);
    const latest = count - (order.length - index);
    if (present(parts[part]).length > 0) part = Math.min(part + 1, Math.max(part, wanted, latest));
    present(parts[part]).push(sequence);
    seen += sequence.ids.length;
  }
  return parts;
}

/** Too long for the model: the beginning of the prompt goes first, then the end of the answer. */
function toSequence({ ids, answerStart }: TrainExample, loss: TrainRecipe['loss'], contextTokens: number): Sequence {
  const excess = Math.max(0, ids.length - contextTokens);
  const cutFront = Math.min(excess, Math.max(0, answerStart - 1));
  const kept = ids.subarray(cutFront, cutFront + Math.min(ids.length - cutFront, contextTokens));
  return { ids: kept, lossStart: Math.max(1, loss === 'all' ? 1 : answerStart - cutFront) };
}
