// Golden cases: ║ is the cursor, what stands between ├ and ┤ is the suggestion.
import { expect, test } from 'vitest';
import { trimSuffixOverlap } from '../../../server/syntax/trimSuffixOverlap.ts';

const cases: readonly [title: string, before: string, after: string][] = [
  ['keeps a suggestion at the end of a line', 'add(├a, b)┤║', 'add(├a, b)┤║'],
  ['drops the closing bracket that is there already', 'add(├a, b)┤║)', 'add(├a, b┤║)'],
  ['drops a whole rest of line', 'if (├ready) {┤║) {', 'if (├ready┤║) {'],
  ['keeps an ending that only begins like the rest', 'call(├x, y┤║yes)', 'call(├x, y┤║yes)'],
  ['looks at the cursor line only', 'f(├a)┤║\n)', 'f(├a)┤║\n)'],
];

test.each(cases)('%s', (_, before, after) => {
  const parts = /├([^┤]*)┤║([\s\S]*)$/.exec(before);
  const expected = /├([^┤]*)┤/.exec(after)?.[1];
  expect(trimSuffixOverlap(parts?.[1] ?? '', parts?.[2] ?? '')).toBe(expected);
});
