// The training loop: candidates together as alone, the same twice, and what leaves it early.
import { afterAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../server/base/cancellation.ts';
import { Random } from '../../server/base/random.ts';
import { score } from '../../server/engine/generate/score.ts';
import { adapterLayout } from '../../server/engine/lora/adapterLayout.ts';
import { adaptedLinears } from '../../server/engine/model/modelTensors.ts';
import { trainCandidates, type Candidate, type TrainedCandidate } from '../../server/engine/train/trainCandidates.ts';
import { expectClose } from '../support/expectClose.ts';
import { randomAdapter, randomIds, tinyEngine } from '../support/tinyEngine.ts';
import { tolerances } from '../support/tolerances.ts';

const engine = tinyEngine();
const context = { ...engine, tokensPerStep: 40 };
afterAll(() => engine.dispose());

const recipe = { learningRate: 1e-2, epochs: 4, loss: 'answers', rank: 4, alpha: 8, warmupShare: 0.1, clipNorm: 1, weightDecay: 0.01 } as const;

function candidate(seed: number, changes: Partial<Candidate> = {}): Candidate {
  const random = new Random(seed);
  const examples = Array.from({ length: 4 + seed }, (_, index) => ({ ids: randomIds(8 + random.int(10), 100 * seed + index), answerStart: 4 }));
  return { name: `candidate ${seed}`, examples, recipe: { ...recipe, epochs: 3 + seed }, seed, from: null, ...changes };
}

const candidates = [
  candidate(1),
  candidate(2, { recipe: { ...recipe, rank: 2, loss: 'all' } }),
  candidate(3, { from: randomAdapter(engine.config, { rank: 2, seed: 7 }) }),
  candidate(4),
];

function expectSame(actual: TrainedCandidate | undefined, expected: TrainedCandidate | undefined): void {
  expect(actual?.steps.length).toBe(expected?.steps.length);
  expect(actual?.adapter.rank).toBe(expected?.adapter.rank);
  const losses = (trained: TrainedCandidate | undefined): number[] => trained?.steps.map(({ loss }) => loss) ?? [];
  expectClose(losses(actual), losses(expected), tolerances.trainingLossF32, 'losses');
}

describe('trainCandidates', () => {
  it('trains candidates together as it trains them alone', async () => {
    const together = await trainCandidates(candidates, context);
    expect(together.map(({ name }) => name)).toEqual(candidates.map(({ name }) => name));
    for (const [index, one] of candidates.entries()) expectSame(together[index], (await trainCandidates([one], context))[0]);
  });

  it('trains long and short steps beside each other as it trains them alone', async () => {
    const long = candidate(4, { examples: [{ ids: randomIds(120, 41), answerStart: 4 }, { ids: randomIds(110, 42), answerStart: 4 }] });
    const mixed = [long, ...candidates];
    const together = await trainCandidates(mixed, context);
    for (const [index, one] of mixed.entries()) expectSame(together[index], (await trainCandidates([one], context))[0]);
  });

  it('gives the same adapter for the same inputs, bit for bit', async () => {
    const [first, again] = [await trainCandidates(candidates, context), await trainCandidates(candidates, context)];
    expect(again).toEqual(first);
  });

  it('goes on after a pause as if there had been none, alone bit for bit', async () => {
    for (const one of [...candidates, candidate(1, { examples: [{ ids: randomIds(12, 1), answerStart: 4 }], recipe: { ...recipe, epochs: 1 } })]) {
      const [whole] = await trainCandidates([one], context);
      const [begun] = await trainCandidates([{ ...one, until: 0.25 }], context);
      const [ended] = await trainCandidates([{ ...one, from: begun?.adapter ?? null }], context);
      expect([...(begun?.steps ?? []), ...(ended?.steps ?? [])]).toEqual(whole?.steps);
      expect(begun?.steps.length).toBe(Math.max(1, Math.round(0.25 * (whole?.steps.length ?? 0))));
      expect((begun?.tokens ?? 0) + (ended?.tokens ?? 0)).toBe(whole?.tokens);
      expect(ended?.adapter).toEqual(whole?.adapter);
    }
    const begun = await trainCandidates(candidates.map((one) => ({ ...one, until: 0.25 })), context);
    for (const [index, one] of candidates.entries()) {
      const [whole] = await trainCandidates([one], context);
      const [ended] = await trainCandidates([{ ...one, from: begun[index]?.adapter ?? null }], context);
      expectClose(ended?.adapter.values ?? [], whole?.adapter.values ?? [], tolerances.trainedAdapterF32, one.name);
    }
  });

  it('lowers the loss on what it learns, as scoring sees it', async () => {
    const examples = [{ ids: randomIds(24, 1), answerStart: 6 }];
    const [trained] = await trainCandidates([candidate(1, { examples, recipe: { ...recipe, epochs: 60 } })], context);
    const items = [null, trained?.adapter ?? null].map((adapter) => ({ prompt: examples[0]?.ids.slice(0, 6) ?? new Int32Array(), answer: examples[0]?.ids.slice(6) ?? new Int32Array(), adapter }));
    const [before, after] = await score(items, engine);
    expect(trained?.steps[0]?.loss).toBeCloseTo(-(before?.logProbability ?? 0) / 18, 4);
    expect(after?.logProbability).toBeGreaterThan((before?.logProbability ?? 0) / 2);
  });

  it('counts steps, tokens and learning rates for each candidate', async () => {
    const examples = Array.from({ length: 4 }, (_, index) => ({ ids: randomIds(20, index), answerStart: 10 }));
    const [trained] = await trainCandidates([candidate(1, { examples, recipe: { ...recipe, epochs: 5, warmupShare: 0.2 } })], context);
    expect(trained?.tokens).toBe(4 * 20 * 5);
    expect(trained?.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(trained?.steps[0]?.learningRate).toBeCloseTo(recipe.learningRate / 2, 10);
    expect(trained?.steps[2]?.learningRate).toBeCloseTo(recipe.learningRate, 10);
    expect(trained?.steps[9]?.learningRate).toBeLessThan(recipe.learningRate / 10);
  });

  it('reports null for a candidate that has left the batch', async () => {
    const losses: (number | null)[][] = [];
    await trainCandidates([candidate(1), candidate(4)], { ...context, onProgress: (progress) => void losses.push(progress.losses) });
    expect(losses[0]?.every((loss) => loss !== null)).toBe(true);
    expect(losses.at(-1)?.map((loss) => loss === null)).toEqual([true, false]);
  });

  it('starts from the function of the given adapter, whatever the rank asked for', async () => {
    const from = randomAdapter(engine.config, { rank: 2, seed: 3 });
    const still = { ...recipe, epochs: 1, learningRate: 1e-12, weightDecay: 0 };
    for (const rank of [1, 2, 5]) {
      const [trained] = await trainCandidates([candidate(1, { from, recipe: { ...still, rank, alpha: 3 * rank } })], context);
      expect(trained?.adapter.rank).toBe(Math.max(2, rank));
      const [given, started] = await score([from, trained?.adapter ?? null].map((adapter) => ({ prompt: randomIds(5, 1), answer: randomIds(9, 2), adapter })), engine);
      expectClose([started?.logProbability ?? Number.NaN], [given?.logProbability ?? 0], tolerances.logitsF32, `rank ${rank}`);
    }
  });

  it('trains B and leaves A as it was, with or without weight decay', async () => {
    const from = randomAdapter(engine.config, { rank: 2, seed: 3 });
    const [trained] = await trainCandidates([candidate(1, { from, recipe: { ...recipe, rank: 2, alpha: from.alpha } })], context);
    for (const { a, b } of adapterLayout(adaptedLinears(engine.config), 2).modules) {
      const [given, now] = [from.values, trained?.adapter.values ?? new Float32Array()];
      expect(now.subarray(a.offset, b.offset)).toEqual(given.subarray(a.offset, b.offset));
      expect(now.subarray(b.offset, b.offset + b.rows * b.columns)).not.toEqual(given.subarray(b.offset, b.offset + b.rows * b.columns));
    }
  });

  it('leaves out examples without an answer, and trains a candidate of nothing not at all', async () => {
    const empty = { ids: randomIds(5, 1), answerStart: 5 };
    const [trained] = await trainCandidates([candidate(1, { examples: [empty] })], context);
    expect(trained).toMatchObject({ steps: [], tokens: 0 });
  });

  it('cuts what exceeds the context, the beginning of the prompt first', async () => {
    const long = { ids: randomIds(engine.config.contextTokens + 30, 1), answerStart: engine.config.contextTokens };
    const [trained] = await trainCandidates([candidate(1, { examples: [long], recipe: { ...recipe, epochs: 1 } })], context);
    expect(trained?.tokens).toBe(engine.config.contextTokens);
  });

  it('can be cancelled before each step', async () => {
    let left = 3;
    const checkpoint = async (): Promise<void> => {
      if (left-- === 0) throw new Cancelled();
    };
    await expect(trainCandidates([candidate(1)], { ...context, checkpoint })).rejects.toBeInstanceOf(Cancelled);
  });
});
