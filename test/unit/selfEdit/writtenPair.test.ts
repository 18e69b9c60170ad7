// What a model wrote is data from outside: hostile, empty, endless. Nothing may throw, and no control token may get through.
import { describe, expect, it } from 'vitest';
import { parseWrittenPair } from '../../../server/selfEdit/writtenPair.ts';
import { defaultRecipe, formatRecipe, parseRecipe } from '../../../server/selfEdit/recipe.ts';

describe('a written pair', () => {
  it.each([
    ['in the template', 'What does add return?<|answer|>The sum.', 'What does add return?', 'The sum.'],
    ['with white space around', '  Q? <|answer|>\n  a(b);  \n', 'Q?', '  a(b);'],
    ['that ends at the next form', 'Q?<|answer|>A.\n<|form_usage|>other<|answer|>x', 'Q?', 'A.'],
    ['that ends at the end of text', 'Q?<|answer|>A.<|endoftext|>noise', 'Q?', 'A.'],
    ['of several lines', 'Q?<|answer|>if (a) {\n  b();\n}', 'Q?', 'if (a) {\n  b();\n}'],
    ['with control characters', 'Q\u0000?<|answer|>A\u001b\ufffd.', 'Q?', 'A.'],
  ])('%s is read', (_, text, question, answer) => {
    expect(parseWrittenPair('usage', { text, finish: 'stop' })).toEqual({ kind: 'pair', pair: { form: 'usage', question, answer } });
  });

  it.each([
    ['nothing', '', 'empty'],
    ['white space', ' \n\t ', 'empty'],
    ['no answer token', 'What does add return? The sum.', 'unparsable'],
    ['two answer tokens', 'Q<|answer|>A<|answer|>B', 'unparsable'],
    ['an empty question', '<|answer|>A', 'empty'],
    ['an empty answer', 'Q<|answer|>  \n', 'empty'],
    ['only the answer token', '<|answer|>', 'empty'],
    ['only another form', '<|form_usage|>Q<|answer|>A', 'empty'],
    ['a control token in the answer', 'Q<|answer|>A <|fim_prefix|> B', 'unparsable'],
    ['a control token in the question', 'Q <|file_sep|><|answer|>A', 'unparsable'],
    ['a token that splits another', 'Q<|answer|>a <|fim_<|fim_pad|>prefix|>', 'unparsable'],
    ['ten thousand characters of answer', `Q<|answer|>${'a '.repeat(5000)}`, 'tooLong'],
    ['ten thousand characters of question', `${'q '.repeat(5000)}<|answer|>A`, 'tooLong'],
    ['ten thousand answer tokens', '<|answer|>'.repeat(10_000), 'unparsable'],
    ['a lone surrogate only', '\ufffd<|answer|>\ufffd', 'empty'],
  ])('%s is dropped with a reason', (_, text, reason) => {
    const parsed = parseWrittenPair('question', { text, finish: 'stop' });
    expect(parsed.kind === 'dropped' && parsed.dropped.reason).toBe(reason);
    expect(parsed.kind === 'dropped' && parsed.dropped.text.length).toBeLessThanOrEqual(1200);
  });
});

describe('a written pair that ran out of tokens', () => {
  it('is dropped, since it would teach that the answer ends there', () => {
    const parsed = parseWrittenPair('question', { text: 'What does add return?<|answer|>The sum of', finish: 'length' });
    expect(parsed.kind === 'dropped' && parsed.dropped.reason).toBe('tooLong');
  });

  it('is read where only what follows it was broken off', () => {
    const parsed = parseWrittenPair('question', { text: 'What does add return?<|answer|>The sum.\n<|form_usage|>and', finish: 'length' });
    expect(parsed.kind === 'pair' && parsed.pair.answer).toBe('The sum.');
  });
});

describe('a recipe line', () => {
  it('is read back as it was written', () => {
    expect(parseRecipe(formatRecipe(defaultRecipe))).toEqual(defaultRecipe);
  });

  it.each([
    ['learningRate=3e-4 epochs=4 loss=answers replay=0.15 rank=16 mix=fim:3,question:1 augment=none', { learningRate: 3e-4, mix: { fim: 3, question: 1 } }],
    ['learningRate=9 epochs=900 replay=0.9 rank=4096', { learningRate: 1e-3, epochs: 8, replay: 0.25, rank: 32 }],
    ['learningRate=1e-9 epochs=0.2 replay=0.0001 rank=1', { learningRate: 2e-4, epochs: 1, replay: 0.1, rank: 16 }],
    ['epochs=3 colour=red __proto__=1 constructor=2 loss=everything augment=maybe', { epochs: 3, loss: 'answers', augment: 'none' }],
    ['epochs=3 mix=fim:2,nonsense:9,usage:-1,question:NaN,rewrite:1e9', { mix: { fim: 2, rewrite: 8 } }],
    ['epochs=3 epochs=5', { epochs: 5 }],
    ['epochs=2 learningRate=fast mix=,,,: replay==', { epochs: 2, learningRate: defaultRecipe.learningRate, mix: defaultRecipe.mix }],
  ])('%s is clamped to what is known to work', (text, expected) => {
    expect(parseRecipe(text)).toMatchObject(expected);
  });

  it.each(['', ' ', 'no recipe at all', '<|recipe|>', 'epochs', 'epochs=', 'epochs=-3', 'colour=red', '='.repeat(10_000), 'x'.repeat(10_000)])('%j says nothing', (text) => {
    expect(parseRecipe(text)).toBeNull();
  });
});
