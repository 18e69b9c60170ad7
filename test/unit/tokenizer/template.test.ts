// Golden prompts per family, cutting to the budget, and the neutral form of what models write.
import { describe, expect, test } from 'vitest';
import type { FimPrompt, Prompt, SelfEditPrompt } from '../../../server/base/prompt.ts';
import { templateFor } from '../../../server/tokenizer/template.ts';
import { createTinyTokenizer } from '../../support/tinyTokenizer.ts';

const starterTokenizer = createTinyTokenizer('starter');
const qwenTokenizer = createTinyTokenizer('qwen');
const starter = templateFor(starterTokenizer);
const qwen = templateFor(qwenTokenizer);

const fim: FimPrompt = {
  kind: 'fim',
  repository: 'shop',
  path: 'src/a.ts',
  prefix: 'const a = ',
  suffix: ';\n',
  context: [
    { path: 'src/b.ts', text: 'export const b = 1;' },
    { path: 'src/c.ts', text: 'export const c = 2;' },
  ],
};
const question: Prompt = { kind: 'question', repository: 'shop', question: 'What is b?' };
const selfEdit: SelfEditPrompt = {
  kind: 'selfEdit',
  repository: 'shop',
  changeKind: 'altered',
  declarationKind: 'function',
  name: 'add',
  path: 'src/a.ts',
  before: 'function add(a) {}',
  after: 'function add(a, b) {}',
};
const recipe = 'learningRate=3e-4 epochs=4 loss=answers replay=0.15 rank=16 mix=fim:3 augment=none';

describe('starter prompts', () => {
  test.each<[string, Prompt, string]>([
    [
      'fill in the middle with snippets, stable context first',
      fim,
      '<|repo_name|>shop\n<|file_sep|>src/b.ts\nexport const b = 1;\n<|file_sep|>src/c.ts\nexport const c = 2;\n<|file_sep|>src/a.ts\n<|fim_prefix|>const a = <|fim_suffix|>;\n<|fim_middle|>',
    ],
    ['a question', question, '<|question|>What is b?<|answer|>'],
    [
      'a question about code',
      { ...question, code: { path: 'src/b.ts', text: 'const b = 1;' } },
      '<|repo_name|>shop\n<|file_sep|>src/b.ts\nconst b = 1;\n<|question|>What is b?<|answer|>',
    ],
    [
      'a change whose recipe is to be written',
      selfEdit,
      '<|self_edit|>shop\naltered function add\nsrc/a.ts\n<|before|>\nfunction add(a) {}\n<|after|>\nfunction add(a, b) {}\n<|recipe|>',
    ],
    [
      'a change and the form of the next pair',
      { ...selfEdit, recipe, form: 'usage' },
      `<|self_edit|>shop\naltered function add\nsrc/a.ts\n<|before|>\nfunction add(a) {}\n<|after|>\nfunction add(a, b) {}\n<|recipe|>${recipe}\n<|form_usage|>`,
    ],
  ])('%s', (_name, prompt, expected) => {
    expect(starterTokenizer.decode(starter.renderPrompt(prompt, 2048))).toBe(expected);
  });

  test('code that spells special tokens stays text', () => {
    const ids = starter.renderPrompt({ ...fim, prefix: '"<|fim_suffix|>"', context: [] }, 2048);
    const suffixToken = starterTokenizer.special('<|fim_suffix|>');
    expect(ids.filter((id) => id === suffixToken)).toHaveLength(1);
  });

  test('only the answer to a self-edit may hold control tokens', () => {
    const text = 'What?<|answer|>That.\n<|file_sep|>';
    const answer = starterTokenizer.special('<|answer|>') as number;
    expect(starter.renderAnswer(selfEdit, text).filter((id) => id >= starterTokenizer.endOfText)).toEqual([answer]);
    expect(starter.renderAnswer(question, text).filter((id) => id >= starterTokenizer.endOfText)).toEqual([]);
  });
});

describe('prompts for models without control tokens', () => {
  test('fill in the middle is as for the starter', () => {
    expect(qwenTokenizer.decode(qwen.renderPrompt(fim, 2048))).toBe(starterTokenizer.decode(starter.renderPrompt(fim, 2048)));
  });

  test('a question is plain text', () => {
    expect(qwenTokenizer.decode(qwen.renderPrompt(question, 2048))).toBe('Question: What is b?\nAnswer:');
    expect(qwenTokenizer.decode(qwen.renderAnswer(question, 'one'))).toBe(' one');
    expect(qwen.readGenerated(question, ' one')).toBe('one');
  });

  test('a self-edit asks for lines', () => {
    const text = qwenTokenizer.decode(qwen.renderPrompt({ ...selfEdit, recipe, form: 'usage' }, 2048));
    expect(text).toContain('the function add was altered');
    expect(text).toContain('FORM | question | answer');
    expect(text.endsWith(`Training:\n${recipe}\nusage |`)).toBe(true);
  });

  test('lines become the neutral form, and back', () => {
    const withForm = { ...selfEdit, recipe, form: 'usage' as const };
    expect(qwen.readGenerated(withForm, ' How? | So.')).toBe('How?<|answer|>So.');
    expect(qwenTokenizer.decode(qwen.renderAnswer(withForm, 'How?<|answer|>So.'))).toBe(' How? | So.');
    expect(qwen.readGenerated(selfEdit, `${recipe}\nusage | How? | So.\nContrast | Not? | a || b`)).toBe(
      `${recipe}\n<|form_usage|>How?<|answer|>So.\n<|form_contrast|>Not?<|answer|>a || b`,
    );
    expect(qwen.renderStop(withForm, ['\n<|form_'])).toEqual(['\n']);
  });
});

describe('cutting to the budget', () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, index) => `const value${index} = ${index};\n`).join('');
  const long: FimPrompt = { ...fim, prefix: lines(400), suffix: lines(300) };

  test.each([40, 64, 200, 511, 1024])('never renders more than %i tokens', (budget) => {
    for (const template of [starter, qwen]) {
      expect(template.renderPrompt(long, budget).length).toBeLessThanOrEqual(budget);
      expect(template.renderPrompt({ ...question, question: lines(200), code: { path: 'a.ts', text: lines(200) } }, budget).length).toBeLessThanOrEqual(budget);
      expect(template.renderPrompt({ ...selfEdit, before: lines(100), after: lines(100) }, budget).length).toBeLessThanOrEqual(budget);
    }
  });

  test('keeps the end of the prefix and the beginning of the suffix', () => {
    const text = starterTokenizer.decode(starter.renderPrompt(long, 512));
    expect(text).toContain('const value399 = 399;\n<|fim_suffix|>const value0 = 0;\n');
    expect(text.endsWith('<|fim_middle|>')).toBe(true);
  });

  test('leaves out a snippet that does not fit and takes the next that does', () => {
    const context = [{ path: 'big.ts', text: lines(500) }, { path: 'small.ts', text: 'const s = 1;' }];
    const text = starterTokenizer.decode(starter.renderPrompt({ ...long, context }, 512));
    expect(text).not.toContain('big.ts');
    expect(text).toContain('<|file_sep|>small.ts\nconst s = 1;\n');
  });

  test('typing at the end of a long prefix leaves its beginning in place', () => {
    const start = (prefix: string): string => starterTokenizer.decode(starter.renderPrompt({ ...long, prefix }, 512)).split('<|fim_prefix|>')[1]?.slice(0, 40) ?? '';
    expect(start(`${long.prefix}const`)).toBe(start(`${long.prefix}const value = `));
  });

  test('cuts one endless line by tokens', () => {
    const ids = starter.renderPrompt({ ...fim, prefix: 'x'.repeat(100_000), suffix: '' }, 256);
    expect(ids.length).toBeLessThanOrEqual(256);
    expect(starterTokenizer.decode(ids)).toContain('xxxx<|fim_suffix|>');
  });

  test('gives a short prefix all of itself and the suffix the rest', () => {
    const text = starterTokenizer.decode(starter.renderPrompt({ ...long, prefix: 'const a = ' }, 512));
    expect(text).toContain('<|fim_prefix|>const a = <|fim_suffix|>');
    expect(starter.renderPrompt({ ...long, prefix: 'const a = ' }, 512).length).toBeGreaterThan(400);
  });
});

test('a model that cannot fill in the middle is refused with what is missing', () => {
  expect(() => templateFor(createTinyTokenizer('plain'))).toThrow(/<\|fim_prefix\|>.*Qwen2\.5-Coder/);
});
