// Which examples each step of one candidate trains on: epoch after epoch, in a fresh order. The steps of an epoch go from long to short several times
// over, so that candidates in one batch, each with an order of its own, have steps of about one length at a time and little padding.
import { present } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { Sequence } from './sequenceTree.ts';
import type { TrainExample, TrainRecipe } from './trainCandidates.ts';

export interface PlanOptions {
  readonly recipe: TrainRecipe;
  /** Examples share a step up to here; a longer one has a step of its own. Absent: the longest example's length, within bounds. */
  readonly tokensPerStep: number | undefined;
  readonly contextTokens: number;
  readonly random: Random;
}

/**
 * About one window of code a step: at 352 +0.022 nats per token on the next commit, at 512 +0.017 (`npm run bench -- recipe`, unjs/ufo, when A was trained
 * too). Where all examples are short, steps are smaller: in steps of 352 the story of the workbench, lines of 30 tokens, did not learn to write its new name.
 */
const stepBounds = { low: 128, high: 352 } as const;

/** From long to short so often in an epoch: fewer cost less padding, more mix long and short ones better. */
const sweeps = 4;

/** Every example once per epoch; examples without a token that counts are left out. */
export function planSteps(examples: readonly TrainExample[], { recipe, tokensPerStep, contextTokens, random }: PlanOptions): Sequence[][] {
  const sequences = examples.map((example) => toSequence(example, recipe.loss, contextTokens)).filter(({ ids, lossStart }) => lossStart < ids.length);
  const longest = Math.max(0, ...sequences.map(({ ids }) => ids.length));
  const room = tokensPerStep ?? Math.min(stepBounds.high, Math.max(stepBounds.low, longest));
  return Array.from({ length: recipe.epochs }, (_, epoch) => {
    const order = random.fork(`epoch ${epoch}`);
    return inSweeps(filledSteps(order.shuffled(sequences), room), order);
  }).flat();
}

interface Step {
  readonly sequences: Sequence[];
  tokens: number;
}

/** Best fit: each sequence joins the fullest step that has room for it. */
function filledSteps(sequences: readonly Sequence[], tokensPerStep: number): Step[] {
  const steps: Step[] = [];
  for (const sequence of sequences) {
    const { length } = sequence.ids;
    const roomy = steps.filter(({ tokens }) => tokens + length <= tokensPerStep);
    const [first, ...others] = roomy;
    if (first === undefined) {
      steps.push({ sequences: [sequence], tokens: length });
      continue;
    }
    const fullest = others.reduce((best, step) => (step.tokens > best.tokens ? step : best), first);
    fullest.sequences.push(sequence);
    fullest.tokens += length;
  }
  return steps;
}

/** Of steps of about the same length one goes to each sweep, by chance which. */
function inSweeps(steps: readonly Step[], random: Random): Sequence[][] {
  const byLength = steps.toSorted((a, b) => b.tokens - a.tokens);
  const ordered: Sequence[][][] = Array.from({ length: sweeps }, () => []);
  for (let start = 0; start < byLength.length; start += sweeps) {
    for (const [sweep, { sequences }] of random.shuffled(byLength.slice(start, start + sweeps)).entries()) present(ordered[sweep]).push(sequences);
  }
  return ordered.flat();
}

/** Too long for the model: the beginning of the prompt goes first, then the end of the answer. */
function toSequence({ ids, answerStart }: TrainExample, loss: TrainRecipe['loss'], contextTokens: number): Sequence {
  const excess = Math.max(0, ids.length - contextTokens);
  const cutFront = Math.min(excess, Math.max(0, answerStart - 1));
  const kept = ids.subarray(cutFront, cutFront + Math.min(ids.length - cutFront, contextTokens));
  return { ids: kept, lossStart: Math.max(1, loss === 'all' ? 1 : answerStart - cutFront) };
}
