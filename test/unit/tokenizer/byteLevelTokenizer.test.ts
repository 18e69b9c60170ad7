// Losslessness, special tokens as text, and the files that are refused.
import { describe, expect, test } from 'vitest';
import { OperatingError } from '../../../server/base/operatingError.ts';
import { parseTokenizer } from '../../../server/tokenizer/byteLevelTokenizer.ts';
import { assertTokenizerFits } from '../../../server/tokenizer/tokenizerFits.ts';
import { tinyTokenizer } from '../../support/tinyModel.ts';
import { createTinyTokenizer } from '../../support/tinyTokenizer.ts';

const tokenizer = createTinyTokenizer();

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof OperatingError) return error.code;
    throw error;
  }
  return undefined;
}

describe('encoding', () => {
  test.each([
    ['code', 'export function add(a, b) {\n  return a + b;\n}\n'],
    ['spaces before punctuation', 'a .b , c ? d ! e'],
    ['runs of white space', '\t\t  \n\n   \r\n  x  '],
    ['several scripts', 'größe 你好 привет ✓'],
    ['characters outside the basic plane', '🙂👩‍👩‍👧'],
    ['a zero byte', 'a\u0000b'],
    ['a byte order mark', '\ufeffimport x'],
    ['digits', '1234567890'],
    ['nothing', ''],
  ])('gives back %s unchanged', (_name, text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test('replaces a lone surrogate', () => {
    expect(tokenizer.decode(tokenizer.encode('a\ud800b'))).toBe('a\ufffdb');
  });

  test('leaves a special token in user text as text', () => {
    const text = 'x <|fim_prefix|> y<|endoftext|><|answer|>';
    const ids = tokenizer.encode(text);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(ids.every((id) => id < tokenizer.endOfText)).toBe(true);
  });

  test('merges the words of its vocabulary', () => {
    expect(tokenizer.encode('const')).toHaveLength(1);
    expect(tokenizer.encode(' the')).toHaveLength(1);
  });
});

describe('decoding', () => {
  test('shows special tokens by name and leaves out the end of text', () => {
    const answer = tokenizer.special('<|answer|>') as number;
    expect(tokenizer.decode([...tokenizer.encode('a'), answer, ...tokenizer.encode('b'), tokenizer.endOfText])).toBe('a<|answer|>b');
  });

  test('ends at tokens that can only begin another file, and goes on at those of a self-edit', () => {
    expect(tokenizer.stopIds.has(tokenizer.endOfText)).toBe(true);
    expect(tokenizer.stopIds.has(tokenizer.special('<|file_sep|>') as number)).toBe(true);
    expect(tokenizer.stopIds.has(tokenizer.special('<|answer|>') as number)).toBe(false);
  });

  test('takes an id that the vocabulary lacks as nothing', () => {
    expect(tokenizer.decode([tokenizer.vocabularySize + 3])).toBe('');
  });
});

describe('streaming', () => {
  test('holds a character back until its last byte', () => {
    const stream = tokenizer.stream();
    const pieces = tokenizer.encode('🙂!').map((id) => stream.push(id).text);
    expect(pieces).toEqual(['', '', '', '🙂', '!']);
    expect(stream.end()).toBe('');
  });

  test('gives bytes that never became a character as replacement characters', () => {
    const stream = tokenizer.stream();
    for (const id of tokenizer.encode('🙂').slice(0, 2)) stream.push(id);
    expect(stream.end()).toBe('\ufffd');
  });

  test.each([
    ['in one token', 'ab\ncd', ['\n'], 'ab'],
    ['over several tokens', 'ab\n<|form_x', ['\n<|form_'], 'ab'],
    ['the earliest of two', 'a;b\n', ['\n', ';'], 'a'],
    ['none', 'ab\n<|fo', ['\n<|form_'], 'ab\n<|fo'],
    ['a beginning that repeats', 'xaaab', ['aab'], 'xa'],
  ])('stops before a stop string: %s', (_name, text, stop, expected) => {
    const stream = tokenizer.stream(stop);
    let out = '';
    let stopped = false;
    for (const id of tokenizer.encode(text)) {
      const piece = stream.push(id);
      out += piece.text;
      stopped = piece.stopped;
      if (stopped) break;
    }
    expect(out + stream.end()).toBe(expected);
    expect(stopped).toBe(expected !== text);
  });

  test('sees a stop string that special tokens spell', () => {
    const stream = tokenizer.stream(['\n<|form_']);
    const ids = [...tokenizer.encode('a\n'), tokenizer.special('<|form_usage|>') as number];
    expect(ids.map((id) => stream.push(id))).toEqual([
      { text: 'a', stopped: false },
      { text: '', stopped: false },
      { text: '', stopped: true },
    ]);
  });
});

describe('files', () => {
  const json = tinyTokenizer().json;
  test.each([
    ['not JSON', '{"model":', 'tokenizerUnreadable'],
    ['no vocabulary', '{"model":{"type":"Unigram"}}', 'tokenizerUnreadable'],
    ['another kind of BPE', JSON.stringify({ ...json, decoder: { type: 'Metaspace' } }), 'tokenizerNotByteLevel'],
    ['no end of text', JSON.stringify({ ...json, added_tokens: [] }), 'modelFamilyUnsupported'],
  ])('refuses a file with %s', (_name, text, code) => {
    expect(codeOf(() => parseTokenizer(text))).toBe(code);
  });

  test.each([
    [tokenizer.vocabularySize, undefined],
    [tokenizer.vocabularySize + 271, undefined],
    [tokenizer.vocabularySize - 1, 'tokenizerTooLarge'],
    [tokenizer.vocabularySize * 40, 'tokenizerTooSmall'],
  ])('with an embedding of %i rows: %s', (rows, code) => {
    expect(codeOf(() => assertTokenizerFits(tokenizer, rows))).toBe(code);
  });
});
