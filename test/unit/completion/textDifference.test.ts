// One change between two texts.
import { expect, test } from 'vitest';
import { textDifference } from '../../../server/completion/textDifference.ts';

const cases: readonly [before: string, after: string, change: string | null][] = [
  ['abc', 'abc', null],
  ['abc', 'abXc', '2 0 X'],
  ['abc', 'ac', '1 1 '],
  ['aaa', 'aaaa', '3 0 a'],
  ['', 'new', '0 0 new'],
  ['one two', 'one three', '5 2 hree'],
];

const long = 'a line of code\n'.repeat(2_000);
test.each([0, 1, 4095, 4096, 4097, 12_289, long.length - 1, long.length])('finds a key at %i of a long text', (at) => {
  const after = `${long.slice(0, at)}§${long.slice(at)}`;
  expect(textDifference(long, after)).toEqual({ start: at, removed: 0, inserted: '§' });
  expect(textDifference(after, long)).toEqual({ start: at, removed: 1, inserted: '' });
});

test.each(cases)('%j to %j', (before, after, change) => {
  const difference = textDifference(before, after);
  expect(difference && `${difference.start} ${difference.removed} ${difference.inserted}`).toBe(change);
});
