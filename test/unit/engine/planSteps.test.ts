// What the steps of a training run hold: every example once an epoch, full steps, and lengths that candidates have at the same time.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { packRows } from '../../../server/engine/train/packRows.ts';
import { planSteps } from '../../../server/engine/train/planSteps.ts';
import { alone } from '../../../server/engine/train/sequenceTree.ts';

const recipe = { learningRate: 1e-3, epochs: 2, loss: 'all', rank: 4, alpha: 4, warmupShare: 0, clipNorm: 0, weightDecay: 0 } as const;
const contextTokens = 600;

/** Each example is known by its first token. */
function examplesOf(lengths: readonly number[]) {
  return lengths.map((length, index) => ({ ids: Int32Array.from({ length }, () => index), answerStart: 1 }));
}

function plan(lengths: readonly number[], seed: number) {
  return planSteps(examplesOf(lengths), { recipe, tokensPerStep: 352, contextTokens, random: new Random(seed) });
}

const tokensOf = (step: readonly { readonly ids: Int32Array }[]): number => step.reduce((sum, { ids }) => sum + ids.length, 0);

/** Lengths of a commit's windows: most about 270 tokens, some short, some long. */
function windows(seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: 20 }, (_, index) => (index % 4 === 3 ? 60 + random.int(400) : 230 + random.int(80)));
}

describe('planSteps', () => {
  it('takes every example once an epoch and shares steps up to their size', () => {
    const lengths = [500, 300, 200, 150, 100, 90, 40, 700];
    const steps = plan(lengths, 1);
    const perEpoch = steps.length / recipe.epochs;
    for (const epoch of [steps.slice(0, perEpoch), steps.slice(perEpoch)]) {
      expect(epoch.flat().map(({ ids }) => ids[0]).toSorted()).toEqual(lengths.map((_, index) => index));
    }
    for (const step of steps) expect(step.length === 1 || tokensOf(step) <= 352).toBe(true);
    // What is longer than the model's context is cut to it.
    expect(Math.max(...steps.map(tokensOf))).toBe(contextTokens);
  });

  it('makes smaller steps where all examples are short', () => {
    const stepsOf = (lengths: readonly number[]) => planSteps(examplesOf(lengths), { recipe: { ...recipe, epochs: 1 }, tokensPerStep: undefined, contextTokens, random: new Random(1) });
    expect(Math.max(...stepsOf(Array.from({ length: 40 }, () => 30)).map(tokensOf))).toBe(120);
    expect(Math.max(...stepsOf([...Array.from({ length: 40 }, () => 30), 340]).map(tokensOf))).toBeGreaterThan(300);
  });

  it('is another order under another seed and in another epoch, and the same under the same', () => {
    const order = (seed: number) => plan(windows(1), seed).map((step) => step.map(({ ids }) => ids[0]));
    expect(order(5)).toEqual(order(5));
    expect(order(5)).not.toEqual(order(6));
    expect(order(5).slice(0, order(5).length / 2)).not.toEqual(order(5).slice(order(5).length / 2));
  });

  it('gives candidates steps of about one length at a time: four fifths of the slots are tokens', () => {
    const plans = [1, 2, 3, 4].map((seed) => plan(windows(seed), seed));
    let [slots, tokens] = [0, 0];
    for (let index = 0; index < Math.max(...plans.map(({ length }) => length)); index++) {
      const active = plans.flatMap((steps) => steps.slice(index, index + 1));
      const { shape } = packRows(active.map((step) => step.map(alone)));
      slots += shape.candidates * shape.rows * shape.tokens;
      tokens += active.reduce((sum, step) => sum + tokensOf(step), 0);
    }
    expect(tokens / slots).toBeGreaterThan(0.8);
  });

  it('has no steps for examples without a token that counts', () => {
    const random = new Random(1);
    expect(planSteps([{ ids: new Int32Array(5), answerStart: 5 }], { recipe: { ...recipe, loss: 'answers' }, tokensPerStep: 352, contextTokens, random })).toEqual([]);
  });
});
