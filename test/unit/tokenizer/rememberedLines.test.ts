// Ids from memory are the ids that the plain encoder gives, whatever stands around a line's end.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { Random } from '../../../server/base/random.ts';
import { parseTokenizer } from '../../../server/tokenizer/byteLevelTokenizer.ts';
import { rememberedByLine } from '../../../server/tokenizer/rememberedLines.ts';

const file = readFileSync(new URL('../../../models/starter/tokenizer.json', import.meta.url), 'utf8');
const plain = new HuggingFaceTokenizer({ ...(JSON.parse(file) as object), added_tokens: [] }, { clean_up_tokenization_spaces: false });
const remembered = parseTokenizer(file);

function checkSame(text: string): void {
  expect(remembered.encode(text), JSON.stringify(text)).toEqual(text === '' ? [] : plain.encode(text, { add_special_tokens: false }).ids);
}

describe('encoding from memory', () => {
  test.each([
    ['lines of code', 'if (a) {\n    b();\n}\n'],
    ['blank lines', 'a\n\n\nb\n  \n  c'],
    ['blank lines with spaces in them', 'a;\n   \n\t\n b'],
    ['carriage returns', 'a;\r\n  b\r\r\n\r\n\tc\r'],
    ['spaces at the end', 'a\n    '],
    ['other white space', 'a\n\u2028b\u00a0\n\u0085 c\n\u000b\nd'],
    ['combining marks', 'e\n\u0301e\u0301\n'],
  ])('is exact for %s', (_name, text) => {
    checkSame(text);
    checkSame(text);
  });

  test('is exact for any mixture', () => {
    const random = new Random('remembered lines');
    const parts = ['\n', '\r', ' ', '  ', '\t', 'ab', "'s", "'", '9', ';', '){', '\u2028', '你', '\u0301', '🙂', 'x'];
    for (let round = 0; round < 3_000; round++) checkSame(Array.from({ length: 1 + random.int(12) }, () => random.pick(parts)).join(''));
  });

  test('is exact for real files, whole and cut anywhere', () => {
    const text = readFileSync(new URL('../../../server/tokenizer/byteLevelTokenizer.ts', import.meta.url), 'utf8');
    const random = new Random('cuts');
    checkSame(text);
    for (let round = 0; round < 50; round++) {
      const start = random.int(text.length);
      checkSame(text.slice(start, start + random.int(2_000)));
    }
  });

  test('reads a line once, and forgets in time', () => {
    const read: string[] = [];
    const encode = rememberedByLine((text) => (read.push(text), [text.length]));
    encode('a\nb\nc');
    encode('a\nb\ncd');
    expect(read).toEqual(['a\n', 'b\n', 'c', 'cd']);
    for (let line = 0; line < 10_000; line++) encode(`${line}`);
    encode('a\n');
    expect(read.filter((line) => line === 'a\n')).toHaveLength(2);
  });
});
