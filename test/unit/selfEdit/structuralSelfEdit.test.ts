// Candidate 0 on a small commit with real grammars: what it asks, what it never shows, what it costs.
import { describe, expect, it } from 'vitest';
import { leakCheck } from '../../../server/selfEdit/keptOut.ts';
import type { Pair } from '../../../server/selfEdit/pair.ts';
import { defaultRecipe } from '../../../server/selfEdit/recipe.ts';
import { structuralSelfEdit } from '../../../server/selfEdit/structuralSelfEdit.ts';
import { countTokens, sampleCommit, type Sample } from '../../support/sampleCommit.ts';

const build = (sample: Sample, options: Partial<{ budgetTokens: number; seed: number; mix: Record<string, number> }> = {}) =>
  structuralSelfEdit(sample.material, { tools: sample.tools, budgetTokens: options.budgetTokens ?? 100_000, recipe: { ...defaultRecipe, mix: options.mix ?? defaultRecipe.mix }, seed: options.seed ?? 1 });

const textOf = (pair: Pair): string => JSON.stringify(pair.example);
const completed = ({ example: { prompt, answer } }: Pair): string => (prompt.kind === 'fim' ? prompt.prefix + answer + prompt.suffix : answer);

const fim = (path: string, text: string, start: number, end: number) => ({
  path,
  example: { prompt: { kind: 'fim', repository: 'shop', path, prefix: text.slice(0, start), suffix: text.slice(end), context: [] }, answer: text.slice(start, end) } as const,
});

describe('the structural candidate', () => {
  it('asks all four forms about a rename with a new signature', async () => {
    const sample = await sampleCommit();
    const { pairs, origin } = build(sample);
    expect(origin).toBe('structural');
    expect(new Set(pairs.map((pair) => pair.form))).toEqual(new Set(['fim', 'callSite', 'signature', 'rename']));
    const answers = (form: string): string[] => pairs.filter((pair) => pair.form === form).map((pair) => pair.example.answer);
    expect(answers('callSite').some((answer) => answer.includes("currency: 'EUR'"))).toBe(true);
    expect(answers('signature')).toContain('(amount: number, options: FormatOptions): string {');
    expect(answers('rename').every((answer) => answer.startsWith(sample.newName))).toBe(true);
  });

  it('puts every pair so that prefix, answer and suffix are pieces of the file in this order', async () => {
    const sample = await sampleCommit();
    for (const pair of build(sample).pairs) {
      const file = sample.material.files.get(pair.path) ?? '';
      expect(file).toContain(pair.example.answer);
      if (pair.form !== 'signature' && pair.path !== 'src/money.ts') expect(file).toContain(completed(pair));
    }
  });

  it('shows signatures of imported names, in the format that completion serves', async () => {
    const sample = await sampleCommit();
    const call = build(sample).pairs.find((pair) => pair.path === 'src/invoice.ts' && pair.form === 'callSite');
    const prompt = call?.example.prompt;
    expect(prompt?.kind === 'fim' && prompt.context).toEqual([{ path: 'src/money.ts', text: expect.stringContaining(`${sample.newName}(amount: number, options: FormatOptions): string`) }]);
  });

  it('never shows or asks code of a held-out declaration', async () => {
    const sample = await sampleCommit();
    const { pairs } = build(sample);
    expect(pairs.length).toBeGreaterThan(10);
    for (const pair of pairs) {
      expect(pair.declaration).not.toBe(sample.heldOutName);
      expect(textOf(pair)).not.toContain('4711');
      expect(textOf(pair)).not.toContain('secretShare;');
    }
  });

  it('is the same for the same seed and another for another', async () => {
    const sample = await sampleCommit();
    const ids = (seed: number): string[] => build(sample, { seed, budgetTokens: 900 }).pairs.map((pair) => pair.id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });

  it.each([0, 50, 300, 1000, 3000])('spends at most %i tokens, and says how many', async (budgetTokens) => {
    const sample = await sampleCommit();
    const { pairs, tokens } = build(sample, { budgetTokens });
    expect(tokens).toBeLessThanOrEqual(budgetTokens);
    const texts = pairs.reduce((sum, { example }) => sum + countTokens(example.answer), 0);
    expect(tokens).toBeGreaterThanOrEqual(texts);
    expect(new Set(pairs.map((pair) => pair.id)).size).toBe(pairs.length);
  });

  it('draws forms by the weights of the recipe', async () => {
    const sample = await sampleCommit();
    const forms = build(sample, { mix: { signature: 1 } }).pairs.map((pair) => pair.form);
    expect(new Set(forms)).toEqual(new Set(['signature']));
    expect(new Set(build(sample, { mix: { question: 1 } }).pairs.map((pair) => pair.form))).toEqual(new Set(['fim']));
  });

  it('leaves the lines of spans and probes out of every window and passes the leak check', async () => {
    const plain = await sampleCommit();
    const span = { path: 'src/money.ts', original: 'if (options.currency === undefined) return rounded;' };
    const probed = plain.material.files.get('test/money.test.ts') ?? '';
    const at = probed.indexOf("'12.5 CHF'");
    const money = plain.material.files.get('src/money.ts') ?? '';
    const start = money.indexOf(span.original);
    const keptOut = { probes: [fim('test/money.test.ts', probed, at, at + 10)], spans: [{ ...span, ...fim('src/money.ts', money, start, start + span.original.length) }] };
    const { pairs } = build(await sampleCommit(keptOut));
    const leak = leakCheck(keptOut);
    expect(pairs.length).toBeGreaterThan(5);
    for (const pair of pairs) {
      expect(leak(pair)).toBeNull();
      expect(textOf(pair)).not.toContain('12.5 CHF');
      expect(textOf(pair)).not.toContain('options.currency === undefined');
    }
    // The guard is not vacuous: without it the same commit shows both.
    const unguarded = build(plain).pairs.filter((pair) => leak(pair) !== null);
    expect(unguarded.length).toBeGreaterThan(0);
  });

  it('teaches lines outside declarations, such as a new test', async () => {
    const sample = await sampleCommit();
    const loose = build(sample).pairs.filter((pair) => pair.form === 'fim' && pair.path === 'test/money.test.ts');
    expect(loose.length).toBeGreaterThan(0);
    expect(loose.every((pair) => pair.declaration === '')).toBe(true);
  });

  it('makes nothing of a commit without code', async () => {
    const sample = await sampleCommit();
    const versions = [{ path: 'README.md', oldPath: 'README.md', before: 'a', after: 'b' }];
    const material = { ...sample.material, versions, changes: [] };
    expect(structuralSelfEdit(material, { tools: sample.tools, budgetTokens: 5000, recipe: defaultRecipe, seed: 1 }).pairs).toEqual([]);
  });
});
