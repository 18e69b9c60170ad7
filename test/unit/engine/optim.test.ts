// The optimiser's loops against its graph, candidates with their own rates, steps and clipping.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { adamWStep, newAdamWState } from '../../../server/engine/optim/adamW.ts';
import { clipByNorm } from '../../../server/engine/optim/clipByNorm.ts';
import { learningRateAt } from '../../../server/engine/optim/learningRate.ts';
import { optimiserGraph } from '../../../server/engine/optim/optimiserGraph.ts';
import { evaluate } from '../../../server/engine/runtime/reference/evaluate.ts';
import type { ReferenceTensor } from '../../../server/engine/runtime/reference/tensor.ts';
import { expectClose } from '../../support/expectClose.ts';
import { tolerances } from '../../support/tolerances.ts';

const size = 37;
const recipes = [
  { peak: 0.01, steps: 6, warmupSteps: 2, weightDecay: 0.1, maxNorm: 1 },
  { peak: 0.3, steps: 4, warmupSteps: 0, weightDecay: 0, maxNorm: 0 },
  { peak: 0.001, steps: 5, warmupSteps: 5, weightDecay: 0.01, maxNorm: 100 },
];

describe.each(['cosine', 'linear', 'constant'] as const)('six steps under a %s schedule', (kind) => {
  it('are the same in loops per candidate and as one graph', () => {
    const random = new Random(kind);
    const K = recipes.length;
    const flat = (data = new Float32Array(K * size)): ReferenceTensor => ({ shape: [K, size], data });
    let moving = { parameter: flat(Float32Array.from({ length: K * size }, () => random.normal())), firstMoment: flat(), secondMoment: flat() };
    const loops = recipes.map((_, k) => ({ parameter: Float32Array.from(moving.parameter.data.subarray(k * size, (k + 1) * size)), state: newAdamWState(size) }));
    const graph = optimiserGraph({ size, schedule: kind });
    for (let step = 1; step <= 6; step++) {
      const gradient = Float32Array.from({ length: K * size }, () => random.normal());
      const feeds = { ...moving, gradient: flat(gradient), ...perCandidate(step) };
      const { parameter, firstMoment, secondMoment, norm, rate } = evaluate(graph, feeds);
      if (parameter === undefined || firstMoment === undefined || secondMoment === undefined) throw new Error('missing outputs');
      moving = { parameter, firstMoment, secondMoment };
      for (const [k, { peak, steps, warmupSteps, weightDecay, maxNorm }] of recipes.entries()) {
        const own = gradient.slice(k * size, (k + 1) * size);
        const ownNorm = clipByNorm(own, maxNorm);
        const learningRate = learningRateAt({ kind, peak, steps, warmupSteps }, step);
        const loop = loops[k];
        if (loop !== undefined) adamWStep(loop.parameter, own, loop.state, { learningRate, weightDecay });
        expectClose([ownNorm, learningRate], [norm?.data[k] ?? Number.NaN, rate?.data[k] ?? Number.NaN], tolerances.optimiserF32, `norm and rate ${k}`);
        expectClose(loop?.parameter ?? [], parameter.data.subarray(k * size, (k + 1) * size), tolerances.optimiserF32, `parameters ${k} at ${step}`);
      }
    }
  });
});

describe('a schedule', () => {
  const cases = [
    ['cosine', [0.5, 1, 1, 0.5, 0]],
    ['linear', [0.5, 1, 1, 0.5, 0]],
    ['constant', [0.5, 1, 1, 1, 1]],
  ] as const;
  it.each(cases)('%s warms up, then falls', (kind, expected) => {
    const rates = [1, 2, 3, 5, 7].map((step) => learningRateAt({ kind, peak: 1, steps: 6, warmupSteps: 2 }, step));
    expectClose(rates, expected, tolerances.optimiserF32, kind);
  });
});

describe('clipping', () => {
  it('scales to the norm, tells the norm before, and leaves smaller gradients alone', () => {
    const gradient = Float32Array.of(3, 4, 0, 0, 0);
    expect(clipByNorm(gradient, 1)).toBeCloseTo(5);
    expectClose(gradient, [0.6, 0.8, 0, 0, 0], tolerances.operationF32, 'clipped');
    expect(clipByNorm(gradient, 2)).toBeCloseTo(1);
    expectClose(gradient, [0.6, 0.8, 0, 0, 0], tolerances.operationF32, 'not clipped');
  });
});

function perCandidate(step: number): Record<string, ReferenceTensor> {
  const integers = (pick: (recipe: (typeof recipes)[number]) => number): ReferenceTensor => ({ shape: [recipes.length], data: Int32Array.from(recipes, pick) });
  const floats = (pick: (recipe: (typeof recipes)[number]) => number): ReferenceTensor => ({ shape: [recipes.length], data: Float32Array.from(recipes, pick) });
  return {
    step: integers(() => step),
    steps: integers((recipe) => recipe.steps),
    warmup: integers((recipe) => recipe.warmupSteps),
    peak: floats((recipe) => recipe.peak),
    weightDecay: floats((recipe) => recipe.weightDecay),
    maxNorm: floats((recipe) => recipe.maxNorm),
  };
}
