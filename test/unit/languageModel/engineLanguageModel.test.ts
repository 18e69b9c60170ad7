// Rendering, batching and order, over an engine that answers with what it was asked.
import { describe, expect, test } from 'vitest';
import type { Example, GenerateItem, Recipe } from '../../../server/base/prompt.ts';
import type { Engine } from '../../../server/languageModel/engine.ts';
import { createLanguageModel } from '../../../server/languageModel/engineLanguageModel.ts';
import type { EngineArguments } from '../../../server/protocol/engine.ts';
import { scriptedInfo } from '../../support/scriptedExecutor.ts';
import { createTinyTokenizer } from '../../support/tinyTokenizer.ts';

const recipe: Recipe = { learningRate: 3e-4, epochs: 2, loss: 'answers', replay: 0.15, rank: 8, mix: {}, augment: 'none' };
const question = (text: string): Example => ({ prompt: { kind: 'question', repository: 'r', question: text }, answer: `${text}!` });
const item = (text: string, more: Partial<GenerateItem> = {}): GenerateItem => ({
  prompt: question(text).prompt, adapter: null, maxTokens: 8, temperature: 0, seed: 1, ...more,
});

function setUp(specials: 'starter' | 'qwen' = 'starter', contextTokens = 2048) {
  const tokenizer = createTinyTokenizer(specials);
  const asked = { decode: [] as EngineArguments<'decode'>[], score: [] as EngineArguments<'score'>[], train: [] as EngineArguments<'train'>[] };
  const refuse = () => Promise.reject(new Error('not asked for'));
  const engine: Engine = {
    open: refuse,
    async decode(parameters) {
      asked.decode.push(parameters);
      return parameters.items.map(({ prompt }) => ({
        ids: prompt, text: tokenizer.decode(prompt), finish: 'stop', tokens: prompt.length, logProbabilities: [], lengths: [], meanLogProbability: -1,
      }));
    },
    async score(parameters) {
      asked.score.push(parameters);
      return parameters.items.map(({ answer, prompt }) => ({ logProbability: -prompt.length, tokens: answer.length }));
    },
    async train(parameters) {
      asked.train.push(parameters);
      return parameters.candidates.map(({ name }) => ({ name, adapter: `a-${name}`, steps: [], tokens: 1, seconds: 1 }));
    },
    loadAdapter: refuse, saveAdapter: refuse, interpolate: refuse, release: refuse,
  };
  return { model: createLanguageModel({ engine, info: { ...scriptedInfo, contextTokens }, tokenizer }), asked, tokenizer };
}

describe('generating', () => {
  test('sends all items in one request, in order', async () => {
    const { model, asked } = setUp();
    const texts = Array.from({ length: 70 }, (_, index) => 'x'.repeat((index * 37) % 400));
    const generated = await model.generate(texts.map((text) => item(text)));
    expect(generated.map(({ text }) => text)).toEqual(texts.map((text) => `<|question|>${text}<|answer|>`));
    expect(asked.decode.map(({ items }) => items.length)).toEqual([70]);
  });

  test('leaves room for the answer in the context', async () => {
    const { model, asked } = setUp('starter', 128);
    await model.generate([item('y'.repeat(500), { maxTokens: 50 }), item('y'.repeat(500), { maxTokens: 500 })]);
    for (const { prompt, maxTokens } of asked.decode.flatMap(({ items }) => items)) expect(prompt.length + maxTokens).toBeLessThanOrEqual(128);
  });

  test('stops code at tokens that belong to self-edits only', async () => {
    const { model, asked } = setUp();
    await model.generate([item('a', { stop: ['\n'] })]);
    expect(asked.decode[0]?.items[0]?.stop).toEqual(expect.arrayContaining(['\n', '<|answer|>', '<|form_usage|>']));
  });

  test('passes the priority on, learning unless told', async () => {
    const { model, asked } = setUp();
    await model.generate([item('a')], { priority: 'completion' });
    await model.generate([item('a')]);
    expect(asked.decode.map(({ priority }) => priority)).toEqual(['completion', 'learning']);
  });

  test('sends nothing for no items', async () => {
    const { model, asked } = setUp();
    expect([await model.generate([]), await model.score([]), await model.train([])]).toEqual([[], [], []]);
    expect([asked.decode, asked.score, asked.train]).toEqual([[], [], []]);
  });
});

describe('examples', () => {
  test('are scored without the end of text, which is format and not what the answer says', async () => {
    const { model, asked, tokenizer } = setUp();
    const [scored] = await model.score([{ example: question('Why?'), adapter: null }]);
    const answer = asked.score[0]?.items[0]?.answer ?? new Int32Array();
    expect([...answer]).toEqual(tokenizer.encode('Why?!'));
    expect(asked.score[0]?.items[0]?.without).toBe(tokenizer.endOfText);
    expect(scored?.tokens).toBe(answer.length);
  });

  test.each([
    ['a long prompt', 'z'.repeat(3000), 'short', true],
    ['a long answer', 'short', 'z'.repeat(3000), false],
    ['a long prompt and a long answer', 'z'.repeat(3000), 'z'.repeat(3000), false],
    ['an answer of most of a row', 'short', 'z'.repeat(480), true],
  ])('with %s fit one row', async (_name, asking, answer, ends) => {
    const { model, asked, tokenizer } = setUp();
    const example: Example = { ...question(asking), answer };
    await model.train([{ name: 'k', examples: [example], recipe, seed: 1, from: null }]);
    const { ids, answerStart } = asked.train[0]?.candidates[0]?.examples[0] ?? { ids: new Int32Array(), answerStart: 0 };
    expect(ids.length).toBeLessThanOrEqual(512);
    expect(tokenizer.decode(ids.subarray(0, answerStart)).endsWith('<|answer|>')).toBe(true);
    expect(ids.at(-1) === tokenizer.endOfText).toBe(ends);
  });

  test('are trained under the recipe, with the scale that belongs to its rank', async () => {
    const { model, asked } = setUp();
    const trained = await model.train([{ name: 'k', examples: [question('Why?')], recipe, seed: -1, from: 'a1' }]);
    expect(asked.train[0]?.candidates[0]).toMatchObject({
      from: 'a1', seed: 0xffffffff, recipe: { learningRate: 3e-4, epochs: 2, loss: 'answers', rank: 8, alpha: 16, clipNorm: 1 },
    });
    expect(trained[0]?.adapter).toBe('a-k');
  });
});

test('tokens are counted as the model counts them', () => {
  const { model, tokenizer } = setUp();
  expect(model.countTokens('const a = 1;')).toBe(tokenizer.encode('const a = 1;').length);
  expect(model.promptTokens(question('abc').prompt)).toBe(5);
});

test('a model without control tokens answers in the neutral form', async () => {
  const { model } = setUp('qwen');
  const [generated] = await model.generate([item('Why?')]);
  expect(generated?.text).toBe('Question: Why?\nAnswer:');
});
