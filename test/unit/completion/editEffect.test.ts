// What an edit is to the suggestion on the screen. `|` is where it stands; `§` marks how far it has been typed.
import { expect, it } from 'vitest';
import { editEffect } from '../../../server/completion/editEffect.ts';
import { textDifference } from '../../../server/completion/textDifference.ts';

const cases: readonly [title: string, text: string, before: string, after: string, effect: string][] = [
  ['a character of it', 'add(a);', 'x = |§\n', 'x = a\n', 'along 1'],
  ['more of it at once', 'add(a);', 'x = |§\n', 'x = add\n', 'along 3'],
  ['the next character', 'add(a);', 'x = |ad§\n', 'x = add\n', 'along 3'],
  ['a character of it taken back', 'add(a);', 'x = |add§\n', 'x = ad\n', 'along 2'],
  ['another character', 'add(a);', 'x = |§\n', 'x = s\n', 'over'],
  ['another character after some of it', 'add(a);', 'x = |add§\n', 'x = adds\n', 'over'],
  ['a line break', 'add(a);', 'x = |§\nnext\n', 'x = \n\nnext\n', 'over'],
  ['a line break before another one', 'add(a);', 'x = |§\n\nnext\n', 'x = \n\n\nnext\n', 'over'],
  ['a line break that it begins with', '\n  add(a);', 'x = |§\n\nnext\n', 'x = \n\n\nnext\n', 'along 1'],
  ['an opening bracket that was closed', '(a);', 'add|§\n', 'add()\n', 'along 1'],
  ['an opening bracket that was closed before another one', 'add(a, b', 'f(|add§)', 'f(add())', 'along 4'],
  ['a bracket that was closed as it goes on', '();', 'add|§\n', 'add()\n', 'along 2'],
  ['a quote that was closed', "'a');", 'add(|§', "add(''", 'along 1'],
  ['another bracket', '[a];', 'add|§\n', 'add()\n', 'over'],
  ['something above it', 'add(a);', 'one\nx = |§\n', 'one\ntwo\nx = \n', 'elsewhere 4'],
  ['as much as was there above it', 'add(a);', 'one\nx = |§\n', 'two\nx = \n', 'elsewhere 0'],
  ['something before it on its line', 'add(a);', 'x = |§\n', 'xy = \n', 'elsewhere 1'],
  ['something below it', 'add(a);', 'x = |§\none\n', 'x = \ntwo\n', 'elsewhere 0'],
  ['something below what was typed of it', 'add(a);', 'x = |ad§\none\n', 'x = ad\none\ntwo\n', 'elsewhere 0'],
  ['code before it erased', 'add(a);', 'x = |§\n', 'x =\n', 'erased'],
  ['the code around it replaced', 'add(a);', 'let x = |§ + 1\n', 'let y\n', 'over'],
];

it.each(cases)('sees %s', (_, text, before, after, expected) => {
  const start = before.indexOf('|');
  const typed = before.indexOf('§') - start - 1;
  const change = textDifference(before.replace('|', '').replace('§', ''), after);
  if (change === null) throw new Error('nothing was edited');
  expect(Object.values(editEffect({ text, start, typed }, change, after)).join(' ')).toBe(expected);
});
