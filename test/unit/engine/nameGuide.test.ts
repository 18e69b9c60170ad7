// What a guided decoder may write next, token by token.
import { describe, expect, it } from 'vitest';
import { NameGuide } from '../../../server/engine/generate/nameGuide.ts';
import { sampleToken } from '../../../server/engine/generate/sampler.ts';
import { Random } from '../../../server/base/random.ts';

const words = ['parse', 'parseAll', 'text', 'await', 'options'];

/** `¦` parts the text that has come from the token in question. */
function allows(marked: string, codeAfter?: string): boolean {
  const [come = '', next = ''] = marked.split('¦');
  const guide = new NameGuide({ words, ...(codeAfter === undefined ? {} : { codeAfter }) });
  for (const piece of come.split(/(<[|]answer[|]>)/)) if (piece !== '') guide.push(piece);
  return guide.allows(next);
}

describe('in prose', () => {
  it.each([
    ['any word', 'What is ¦whatever', true],
    ['the beginning of a name in backticks', 'What is `¦par', true],
    ['the rest of it', 'What is `par¦seAll', true],
    ['an invented name', 'What is `¦parts', false],
    ['an invented end', 'What is `par¦ser', false],
    ['a name that stops short', 'What is `par¦`', false],
    ['a whole name', 'What is `parse¦`', true],
    ['a token that closes and goes on', 'What is `parse¦` for', true],
    ['a member of a name', 'What is `parse¦.text', true],
    ['an invented member', 'What is `parse¦.length', false],
    ['numbers', 'What is `parse(¦12', true],
    ['a line that leaves backticks open', 'What is `parse¦\n', false],
    ['an end that leaves backticks open', 'What is `parse¦', false],
  ])('%s: %s', (_, marked, expected) => expect(allows(marked)).toBe(expected));
});

describe('in an answer that is code', () => {
  const code = (rest: string): boolean => allows(`How?<|answer|>${rest}`, '<|answer|>');
  it.each([
    ['names that exist', 'await ¦parse', true],
    ['names that do not', 'await ¦load', false],
    ['anything in a string', "parse('¦load", true],
    ['names after the string', "parse('load'¦, load", false],
    ['the bracket that is due', 'parse(text¦)', true],
    ['another bracket', 'parse(text¦]', false],
    ['a bracket too many', 'parse(text)¦)', false],
    ['a string over the line', "parse('text¦\n", false],
    ['open brackets at the end', 'parse(text¦', true],
    ['an open string at the end', "parse('text¦", false],
  ])('%s: %s', (_, rest, expected) => expect(code(rest)).toBe(expected));
});

describe('a guided sample', () => {
  const best = { values: Float32Array.of(5, 4, 3), indices: Int32Array.of(7, 8, 9), logSumExp: 6 };
  it('takes the best token that is allowed, with its own probability', () => {
    expect(sampleToken(best, { temperature: 0, topP: 1 }, new Random(1), (id) => id !== 7)).toEqual({ id: 8, logProbability: -2 });
  });
  it('never takes a refused one', () => {
    const random = new Random(1);
    const ids = Array.from({ length: 200 }, () => sampleToken(best, { temperature: 2, topP: 1 }, random, (id) => id !== 8).id);
    expect(new Set(ids)).toEqual(new Set([7, 9]));
  });
  it('goes on unguided where all are refused', () => {
    expect(sampleToken(best, { temperature: 0, topP: 1 }, new Random(1), () => false).id).toBe(7);
  });
});
