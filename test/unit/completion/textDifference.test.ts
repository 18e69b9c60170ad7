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

test.each(cases)('%j to %j', (before, after, change) => {
  const difference = textDifference(before, after);
  expect(difference && `${difference.start} ${difference.removed} ${difference.inserted}`).toBe(change);
});
