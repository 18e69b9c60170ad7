// Decoding and scoring of many rows with several adapters, against doing it one at a time and without a cache.
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Cancelled } from '../../server/base/cancellation.ts';
import { decode, type DecodeItem } from '../../server/engine/generate/decode.ts';
import { PrefixCache } from '../../server/engine/generate/prefixCache.ts';
import { score } from '../../server/engine/generate/score.ts';
import { expectClose } from '../support/expectClose.ts';
import { randomAdapter, randomIds, tinyEngine, tinyVocabulary } from '../support/tinyEngine.ts';
import { tolerances } from '../support/tolerances.ts';

const engine = tinyEngine({ max_position_embeddings: 400 });
afterAll(() => engine.dispose());

const adapters = [null, randomAdapter(engine.config, { rank: 4, seed: 1 }), randomAdapter(engine.config, { rank: 2, seed: 2 })];

function item(changes: Partial<DecodeItem>): DecodeItem {
  return { prompt: randomIds(9, 1), adapter: null, maxTokens: 12, temperature: 0, topP: 1, seed: 1, stop: [], ...changes };
}

/** Lengths from 1 to 150, three adapters of different rank (one missing in places), greedy and sampled. */
const mixed = Array.from({ length: 14 }, (_, index) =>
  item({
    prompt: randomIds([1, 3, 9, 9, 40, 150, 17][index % 7] ?? 1, index),
    adapter: adapters[index % 5 === 4 ? 0 : index % 3] ?? null,
    maxTokens: 3 + index,
    temperature: index % 2 === 0 ? 0 : 0.8,
    topP: index % 4 === 1 ? 0.7 : 1,
    seed: index,
  }),
);

describe('decode', () => {
  it('gives each row what it gets alone', async () => {
    const together = await decode(mixed, engine);
    for (const [index, one] of mixed.entries()) {
      const [alone] = await decode([one], engine);
      expect(together[index]?.ids).toEqual(alone?.ids);
      expect(together[index]?.finish).toBe(alone?.finish);
      expectClose([together[index]?.meanLogProbability ?? Number.NaN], [alone?.meanLogProbability ?? Number.NaN], tolerances.logitsF32, `mean ${index}`);
    }
  });

  it('gives greedily what the whole sequence without a cache gives', async () => {
    for (const adapter of adapters) {
      const prompt = randomIds(20, 5);
      const [decoded] = await decode([item({ prompt, adapter, maxTokens: 6 })], engine);
      let context = [...prompt];
      for (const id of decoded?.ids ?? []) {
        const scores = await score(
          Array.from({ length: tinyVocabulary }, (_, candidate) => ({ prompt: Int32Array.from(context), answer: Int32Array.of(candidate), adapter })),
          engine,
        );
        const best = Math.max(...scores.map(({ logProbability }) => logProbability));
        expectClose([scores[id]?.logProbability ?? Number.NaN], [best], tolerances.logitsF32, `token ${context.length}`);
        context = [...context, id];
      }
    }
  });

  it('reports the log-probability that scoring finds', async () => {
    const items = [1, 2, 3].map((seed) => item({ adapter: adapters[1] ?? null, temperature: 1, seed, maxTokens: 10 }));
    const decoded = await decode(items, engine);
    const scored = await score(items.map(({ prompt, adapter }, index) => ({ prompt, adapter, answer: withEnd(decoded[index]) })), engine);
    for (const [index, { tokens, meanLogProbability }] of decoded.entries()) {
      expect(scored[index]?.tokens).toBe(tokens);
      expectClose([meanLogProbability * tokens], [scored[index]?.logProbability ?? Number.NaN], tolerances.logitsF32, `item ${index}`);
    }
  });

  it('says how likely each token was, and ends where all together are too unlikely', async () => {
    const greedy = item({ maxTokens: 12 });
    const [whole] = await decode([greedy], engine);
    const sums = (whole?.logProbabilities ?? []).map((_, index, all) => all.slice(0, index + 1).reduce((sum, value) => sum + value, 0));
    expectClose([sums.at(-1) ?? Number.NaN], [(whole?.meanLogProbability ?? Number.NaN) * (whole?.tokens ?? 0)], tolerances.logitsF32, 'sum');
    expect(whole?.lengths.at(-1)).toBe(whole?.text.length);
    const [early] = await decode([{ ...greedy, leastLogProbability: ((sums[2] ?? 0) + (sums[3] ?? 0)) / 2 }], engine);
    expect(early).toMatchObject({ finish: 'unlikely', tokens: 4, logProbabilities: whole?.logProbabilities.slice(0, 4) });
  });

  it('judges a draft as it would have judged its own text, beside the text that it writes', async () => {
    const greedy = item({ prompt: randomIds(70, 3), maxTokens: 8 });
    const [own] = await decode([greedy], engine);
    const prefixes = new PrefixCache(2);
    const draft = Int32Array.from([...(own?.ids ?? [])].slice(0, 5));
    const [written, judged] = await decode([greedy, { ...greedy, draft }], { ...engine, prefixes });
    expect(written?.ids).toEqual(own?.ids);
    expect(judged).toMatchObject({ finish: 'length', tokens: 5 });
    expectClose(judged?.logProbabilities ?? [], own?.logProbabilities.slice(0, 5) ?? [], tolerances.logitsF32, 'draft');
    // Their prompt was read once and is remembered.
    expect(prefixes.beginning(engine.config, greedy.prompt, { adapter: null, multiple: 1 })?.length).toBe(69);
  });

  it('is the same twice, and differs with the seed', async () => {
    const sampled = (seed: number) => item({ temperature: 1.5, seed, maxTokens: 30 });
    const [first, again, other] = await Promise.all([[sampled(1)], [sampled(1)], [sampled(2)]].map((items) => decode(items, engine)));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('reads a prompt once for all its continuations', async () => {
    let checkpoints = 0;
    const items = Array.from({ length: 8 }, (_, seed) => item({ prompt: randomIds(150, 9), temperature: 1, seed, maxTokens: 1 }));
    const decoded = await decode(items, { ...engine, checkpoint: async () => void checkpoints++ });
    expect(new Set(decoded.map(({ ids }) => ids[0])).size).toBeGreaterThan(1);
    expect(checkpoints).toBe(1);
  });

  it('reads only what is new of a prompt that begins like the last one', async () => {
    const prefixes = new PrefixCache(2);
    const before = randomIds(150, 4);
    const prompts = [before, Int32Array.from([...before.slice(0, 120), ...randomIds(35, 6)]), before.slice(0, 120), before];
    const tokensRead: number[] = [];
    await decode([item({ adapter: adapters[1] ?? null })], engine);
    const executable = await engine.executables.get('decode:rank4', unreachableGraph, { purpose: 'decoding' });
    const run = vi.spyOn(executable, 'run');
    for (const prompt of prompts) {
      run.mockClear();
      const [reused] = await decode([item({ prompt, adapter: adapters[1] ?? null })], { ...engine, prefixes });
      tokensRead.push(run.mock.calls[0]?.[0].tokens?.data.length ?? 0);
      const [anew] = await decode([item({ prompt, adapter: adapters[1] ?? null })], engine);
      expect(reused?.ids).toEqual(anew?.ids);
    }
    run.mockRestore();
    expect(tokensRead).toEqual([160, 48, 16, 16]);
    const [base] = await decode([item({ prompt: before })], { ...engine, prefixes });
    expect(base).toEqual((await decode([item({ prompt: before })], engine))[0]);
  });

  it('ends at a stop string, which is not part of the text', async () => {
    const [free] = await decode([item({})], engine);
    const [first, second, third] = free?.ids ?? [];
    const [stopped] = await decode([item({ stop: [`${third} `] })], engine);
    expect(stopped).toMatchObject({ text: `${first} ${second} `, finish: 'stop' });
  });

  it('ends at the end-of-text token, which counts but is neither id nor text', async () => {
    const [free] = await decode([item({})], engine);
    const second = free?.ids[1] ?? -1;
    const [ended] = await decode([item({})], { ...engine, text: { ...engine.text, stopIds: new Set([second]) } });
    expect(ended).toMatchObject({ ids: free?.ids.slice(0, 1), finish: 'endOfText', tokens: 2 });
  });

  it('goes no further than the context', async () => {
    const [long, full] = await decode([item({ prompt: randomIds(395, 1) }), item({ prompt: randomIds(400, 1) })], engine);
    expect(long).toMatchObject({ tokens: 5, finish: 'length' });
    expect(full).toMatchObject({ tokens: 0, finish: 'length', text: '' });
  });

  it('can be cancelled before each token', async () => {
    let left = 4;
    const checkpoint = async (): Promise<void> => {
      if (left-- === 0) throw new Cancelled();
    };
    await expect(decode([item({ maxTokens: 50 })], { ...engine, checkpoint })).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('score', () => {
  it('gives each item what it gets alone', async () => {
    const items = mixed.map(({ prompt, adapter }, index) => ({ prompt, adapter, answer: randomIds(1 + (index % 6), index + 100) }));
    const together = await score(items, engine);
    for (const [index, one] of items.entries()) {
      const [alone] = await score([one], engine);
      expectClose([together[index]?.logProbability ?? Number.NaN], [alone?.logProbability ?? Number.NaN], tolerances.logitsF32, `item ${index}`);
    }
  });

  it('gives prompts that begin alike what each gets alone', async () => {
    const [file, other] = [randomIds(60, 1), randomIds(80, 2)];
    const items = [20, 60, 60, 35, 80].flatMap((length, index) =>
      adapters.map((adapter) => ({ prompt: Int32Array.from([...(index % 3 === 2 ? other : file).subarray(0, length), ...randomIds(index, index)]), adapter, answer: randomIds(2 + index, index + 40), without: 3 })),
    );
    const together = await score(items, engine);
    for (const [index, one] of items.entries()) {
      const [alone] = await score([one], engine);
      expectClose([together[index]?.logProbability ?? Number.NaN], [alone?.logProbability ?? Number.NaN], tolerances.logitsF32, `item ${index}`);
    }
  });

  it('without a token is a distribution over the others, at every token of the answer', async () => {
    const prompt = randomIds(7, 3);
    const without = 2;
    const vocabulary = Array.from({ length: engine.config.vocabularySize }, (_, id) => id);
    const scored = await score(vocabulary.map((id) => ({ prompt, adapter: null, without, answer: Int32Array.of(id) })), engine);
    const others = scored.filter((_, id) => id !== without);
    expectClose([others.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0)], [1], tolerances.logitsF32, 'sum of probabilities');
    const answer = Int32Array.of(5, 7);
    const [both] = await score([{ prompt, adapter: null, without, answer }], engine);
    const [second] = await score([{ prompt: Int32Array.from([...prompt, 5]), adapter: null, without, answer: Int32Array.of(7) }], engine);
    expectClose([both?.logProbability ?? Number.NaN], [(scored[5]?.logProbability ?? Number.NaN) + (second?.logProbability ?? Number.NaN)], tolerances.logitsF32, 'two tokens');
    const [plain] = await score([{ prompt, adapter: null, answer: Int32Array.of(5) }], engine);
    expect(scored[5]?.logProbability).toBeGreaterThan(plain?.logProbability ?? Number.NaN);
  });

  it('of an empty answer is nothing', async () => {
    expect(await score([{ prompt: randomIds(3, 1), answer: new Int32Array(), adapter: null }], engine)).toEqual([{ logProbability: 0, tokens: 0 }]);
  });
});

/** For a graph that is compiled already. */
function unreachableGraph(): never {
  throw new Error('not compiled yet');
}

/** With the end-of-text token, where it was generated. */
function withEnd(decoded: { readonly ids: Int32Array; readonly finish: string } | undefined): Int32Array {
  const ids = decoded?.ids ?? new Int32Array();
  return decoded?.finish === 'endOfText' ? Int32Array.from([...ids, 0]) : ids;
}
