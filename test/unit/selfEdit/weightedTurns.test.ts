// The order in which forms take turns, and what a written candidate draws under its recipe's mix.
import { describe, expect, it } from 'vitest';
import type { Form, Recipe } from '../../../server/base/prompt.ts';
import { drawWithin } from '../../../server/selfEdit/drawWithin.ts';
import { makePair, type Pair } from '../../../server/selfEdit/pair.ts';
import { defaultRecipe } from '../../../server/selfEdit/recipe.ts';
import { weightedTurns } from '../../../server/selfEdit/weightedTurns.ts';

describe('turns by weight', () => {
  it.each<[string, Parameters<typeof weightedTurns<string>>[0], string]>([
    ['interleave as evenly as whole items allow', [{ weight: 3, items: [...'aaaaaa'] }, { weight: 1, items: [...'bb'] }], 'aabaaaba'],
    ['go on with the others when one is used up', [{ weight: 1, items: ['a'] }, { weight: 1, items: [...'bbb'] }], 'abbb'],
    ['take nothing without weight', [{ weight: 0, items: ['a'] }, { weight: -1, items: ['b'] }, { weight: 2, items: ['c'] }], 'c'],
    ['of nothing are nothing', [], ''],
  ])('%s', (_, queues, expected) => expect(weightedTurns(queues).join('')).toBe(expected));
});

describe('a draw within a budget', () => {
  const pair = (form: Form, index: number, writtenBy: Pair['writtenBy']): Pair => makePair({ form, example: { prompt: { kind: 'question', repository: 'r', question: `${form} ${index}?` }, answer: 'x'.repeat(80) }, commit: 'c', path: 'a.ts', declaration: 'a', writtenBy });
  const structural = Array.from({ length: 40 }, (_, index) => pair(index % 2 === 0 ? 'fim' : 'callSite', index, 'structural'));
  const own = Array.from({ length: 20 }, (_, index) => [pair('question', index, 'model')]);
  const countTokens = (text: string): number => text.length;
  const draw = (mix: Recipe['mix']) => drawWithin({ own, structural, recipe: { ...defaultRecipe, mix }, budgetTokens: 2000, countTokens });

  it.each<[string, Recipe['mix'], (pairs: readonly Pair[]) => boolean]>([
    ['gives the model’s own pairs at most half', { question: 8 }, (pairs) => pairs.filter((one) => one.writtenBy === 'model').length <= pairs.length / 2],
    ['gives them about a fifth at least', { fim: 8 }, (pairs) => pairs.filter((one) => one.writtenBy === 'model').length >= pairs.length / 5 - 1],
    ['draws structural forms by the mix', { callSite: 8, fim: 1, question: 1 }, (pairs) => pairs.filter((one) => one.form === 'callSite').length > 2 * pairs.filter((one) => one.form === 'fim').length],
  ])('%s', (_, mix, holds) => {
    const { pairs, tokens } = draw(mix);
    expect(tokens).toBeLessThanOrEqual(2000);
    expect(tokens).toBeGreaterThan(2000 - 110);
    expect(holds(pairs)).toBe(true);
  });
});
