// Lines as they are typed: where they go in, what is known of them, and that no file makes it slow.
import { describe, expect, test } from 'vitest';
import { present } from '../../../server/base/assert.ts';
import { Random } from '../../../server/base/random.ts';
import { addedLines, asTyped, isNewLine, knownLines } from '../../../server/syntax/typedLine.ts';

const before = 'one();\ntwo();\nthree();\n';

describe('added lines', () => {
  test.each([
    { title: 'in between', after: 'one();\nnew1();\ntwo();\nthree();\n', added: [{ text: 'new1();', line: 1, offset: 7 }] },
    { title: 'in place of another', after: 'one();\ntwo(2);\nthree();\n', added: [{ text: 'two(2);', line: 1, offset: 7 }] },
    { title: 'at the end', after: `${before}four();\n`, added: [{ text: 'four();', line: 3, offset: before.length }] },
    { title: 'with Windows line ends', after: 'one();\nnew1();\r\ntwo();\nthree();\n', added: [{ text: 'new1();', line: 1, offset: 7 }] },
    { title: 'nowhere', after: before, added: [] },
  ])('stand $title', ({ after, added }) => {
    expect(addedLines(before, after)).toEqual(added);
  });

  test('of a new file are all of its lines', () => {
    expect(addedLines('', 'one();\r\ntwo();').map(({ text, offset }) => [text, offset])).toEqual([['one();', 0], ['two();', 0]]);
  });

  test('of a file that was written anew have no place in it', () => {
    const lines = (name: string) => Array.from({ length: 1_500 }, (_, index) => `${name}(${index});`).join('\n');
    expect(addedLines(lines('old'), lines('young'))).toEqual([]);
    expect(addedLines('', lines('young'))).toHaveLength(1_500);
  });
});

test('a line is typed into the file as it was, up to a cut that leaves something to ask for', () => {
  const [line] = addedLines(before, 'one();\nconst sum = add(1, 2);\ntwo();\nthree();\n');
  const cuts = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const typed = present(asTyped(before, present(line), new Random(seed)));
    const { start, end } = typed.masked;
    const typedStart = typed.text.slice('one();\n'.length, start);
    expect([end, `${typedStart}${typed.answer}`, typed.text.slice(start)]).toEqual([start, 'const sum = add(1, 2);', '\ntwo();\nthree();\n']);
    expect(typedStart.length).toBeGreaterThan(0);
    expect(typed.answer.length).toBeGreaterThanOrEqual(4);
    cuts.add(typedStart);
  }
  expect(cuts.size).toBeGreaterThan(3);
});

test('too short a line is not asked', () => {
  expect(asTyped('', { text: '  f();', line: 0, offset: 0 }, new Random(1))).toBeNull();
});

test('new is what stands nowhere in the tree, whatever its layout, and has a word', () => {
  const known = knownLines(['  const a =  1;\n', 'b();']);
  expect(['const a = 1;', '\tb();', '});', 'const c = 1;'].map((line) => isNewLine(line, known))).toEqual([false, false, false, true]);
});
