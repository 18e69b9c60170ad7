// Candidates written by a scripted model: what is kept, what is dropped, what it costs, and that candidates differ.
import { describe, expect, it } from 'vitest';
import type { Generated, GenerateItem, SelfEditPrompt } from '../../../server/base/prompt.ts';
import { exampleTokens } from '../../../server/selfEdit/exampleTokens.ts';
import { defaultRecipe } from '../../../server/selfEdit/recipe.ts';
import type { SelfEdit } from '../../../server/selfEdit/pair.ts';
import { structuralSelfEdit } from '../../../server/selfEdit/structuralSelfEdit.ts';
import { writeQuiz } from '../../../server/selfEdit/writeQuiz.ts';
import { sampling, writeSelfEdits, type Writer } from '../../../server/selfEdit/writeSelfEdits.ts';
import { countTokens, sampleCommit, type Sample } from '../../support/sampleCommit.ts';

type Script = (prompt: SelfEditPrompt, item: GenerateItem, index: number) => string;

class ScriptedWriter implements Writer {
  readonly asked: GenerateItem[] = [];
  constructor(private readonly script: Script) {}
  generate(items: readonly GenerateItem[]): Promise<Generated[]> {
    this.asked.push(...items);
    return Promise.resolve(items.map((item, index) => ({ text: item.prompt.kind === 'selfEdit' ? this.script(item.prompt, item, index) : '', finish: 'stop', tokens: 1, meanLogProbability: -1 })));
  }
}

/** Grounded answers to whatever is asked, different by the seed. */
function truthful(sample: Sample): Script {
  return (prompt, item) => {
    if (prompt.form === undefined) return `learningRate=3e-4 epochs=${2 + (item.seed % 4)} loss=answers replay=0.2 rank=16 mix=fim:3,question:2,usage:2 augment=reorder\n`;
    const number = item.seed % 1000;
    const name = prompt.name;
    if (prompt.form === 'usage') return `Call ${number} of \`${name}\`?<|answer|>const result = ${sample.newName}(${number}, { currency: 'EUR' });\n`;
    if (prompt.form === 'rewrite') return `Write \`${name}\`, ${number}.<|answer|>return amount.toFixed(${number});\n`;
    return `Fact ${number} of \`${name}\`?<|answer|>It is in \`${prompt.path}\`.\n`;
  };
}

async function write(script: (sample: Sample) => Script, options: { count?: number; seed?: number; budgetTokens?: number } = {}) {
  const sample = await sampleCommit();
  const structural = structuralSelfEdit(sample.material, { tools: sample.tools, budgetTokens: options.budgetTokens ?? 3000, recipe: defaultRecipe, seed: 1 });
  const writer = new ScriptedWriter(script(sample));
  const edits = await writeSelfEdits(sample.material, structural, writer, { tools: sample.tools, count: options.count ?? 3, policy: null, seed: options.seed ?? 7 });
  return { sample, structural, writer, edits };
}

const tokensOf = (edit: SelfEdit): number => edit.pairs.reduce((sum, pair) => sum + exampleTokens(pair.example, countTokens), 0);

const ids = ({ edits }: { edits: readonly SelfEdit[] }): string[][] => edits.map((edit) => edit.pairs.map((pair) => pair.id));

describe('self-edits that the model writes', () => {
  it('are candidate 0’s pairs and the model’s own, in about as many trained tokens and never more', async () => {
    const { structural, edits } = await write(truthful);
    expect(edits).toHaveLength(3);
    const costliest = Math.max(...structural.pairs.map((pair) => exampleTokens(pair.example, countTokens)));
    for (const edit of edits) {
      expect(edit.origin).toBe('written');
      expect(edit.tokens).toBe(tokensOf(edit));
      // Tokens in all epochs: a recipe with more epochs pays for them with fewer pairs.
      const allowed = (structural.tokens * structural.recipe.epochs) / edit.recipe.epochs;
      expect(edit.tokens).toBeLessThanOrEqual(allowed);
      // Where fewer epochs allow more than there is, everything is drawn.
      if (edit.recipe.epochs >= structural.recipe.epochs) expect(edit.tokens).toBeGreaterThan(allowed - costliest);
      const own = edit.pairs.filter((pair) => pair.writtenBy === 'model');
      expect(own.length).toBeGreaterThanOrEqual(3);
      const known = new Set(structural.pairs.map((pair) => pair.id));
      expect(edit.pairs.filter((pair) => pair.writtenBy === 'structural').every((pair) => known.has(pair.id))).toBe(true);
    }
  });

  it('differ between candidates in seeds, pairs and recipes, and are the same for the same seed', async () => {
    const [first, again, other] = [await write(truthful), await write(truthful), await write(truthful, { seed: 8 })];
    expect(ids(first)).toEqual(ids(again));
    expect(ids(first)).not.toEqual(ids(other));
    expect(new Set(ids(first).map((list) => list.join())).size).toBe(3);
    expect(new Set(first.edits.map((edit) => edit.recipe.epochs)).size).toBeGreaterThan(1);
    expect(new Set(first.writer.asked.map((item) => item.seed)).size).toBe(first.writer.asked.length);
  });

  it('come from the editor policy at one temperature, recipe line first, then each form', async () => {
    const { writer } = await write(truthful, { count: 2 });
    expect(writer.asked.every((item) => item.adapter === null && item.temperature === sampling.temperature && item.topP === sampling.topP)).toBe(true);
    const prompts = writer.asked.map((item) => item.prompt as SelfEditPrompt);
    expect(prompts.slice(0, 4).every((prompt) => prompt.recipe === undefined && prompt.form === undefined)).toBe(true);
    expect(prompts.slice(4).every((prompt) => prompt.recipe !== undefined && prompt.form !== undefined)).toBe(true);
    expect(new Set(prompts.slice(4).map((prompt) => prompt.form)).size).toBeGreaterThan(1);
  });

  it('put code answers as questions and in the serving format', async () => {
    const { edits, sample } = await write(truthful);
    const usage = edits.flatMap((edit) => edit.pairs).filter((pair) => pair.writtenBy === 'model' && pair.form === 'usage');
    expect(new Set(usage.map((pair) => pair.example.prompt.kind))).toEqual(new Set(['question', 'fim']));
    const served = usage.find((pair) => pair.example.prompt.kind === 'fim');
    expect(served?.example.prompt.kind === 'fim' && served.example.prompt.suffix.startsWith('\n')).toBe(true);
    expect(served?.example.answer).toContain(sample.newName);
  });

  it('show the model nothing of held-out declarations', async () => {
    const { writer } = await write(truthful);
    for (const { prompt } of writer.asked) expect(JSON.stringify(prompt)).not.toMatch(/4711|secretShare;/);
  });

  it('keep what the policy wrote for those that held', async () => {
    const { edits } = await write(truthful);
    for (const edit of edits) {
      expect(edit.recipeText).toMatch(/^learningRate=/);
      expect(edit.samples[0]?.text).toBe(edit.recipeText);
      expect(edit.samples.length).toBe(1 + (edit.written?.distinct ?? 0));
    }
  });

  it.each<[string, Script, string]>([
    ['nonsense', () => 'lorem ipsum', 'unparsable'],
    ['nothing', () => '', 'empty'],
    ['inventions', (prompt) => (prompt.form === undefined ? '' : `How is \`${prompt.name}\` called?<|answer|>inventedCall(${'`'}x${'`'});`), 'notGrounded'],
    ['control tokens', (prompt) => `What is \`${prompt.name}\`?<|answer|><|fim_prefix|>x`, 'unparsable'],
    ['the same thing again', () => 'What is `amount`?<|answer|>A number.', 'duplicate'],
  ])('of %s are structural only, with the reasons', async (_, script, reason) => {
    const { structural, edits } = await write(() => script);
    for (const edit of edits) {
      expect(edit.origin).toBe('structuralOnly');
      expect(edit.pairs).toEqual(structural.pairs);
      expect(edit.dropped.some((dropped) => dropped.reason === reason)).toBe(true);
      expect((edit.written?.distinct ?? 9) < 3).toBe(true);
    }
  });

  it('are structural only where most of what was asked for is not grounded, however much is left', async () => {
    const { edits } = await write((sample) => {
      const honest = truthful(sample);
      let asked = 0;
      return (prompt, item, index) => (prompt.form === undefined || asked++ % 8 < 3 ? honest(prompt, item, index) : 'How is it called?<|answer|>inventedCall(`x`);');
    });
    expect(edits.some(({ written }) => (written?.distinct ?? 0) >= 3)).toBe(true);
    for (const { origin, written } of edits) expect([origin, (written?.grounded ?? 9) < 4]).toEqual(['structuralOnly', true]);
  });

  it('drop a pair that answers a probe', async () => {
    const sample = await sampleCommit();
    const answer = `${sample.newName}(417, { currency: 'SEK' })`;
    const keptOut = { probes: [{ path: 'test/money.test.ts', example: { prompt: { kind: 'fim', repository: 'shop', path: 'test/money.test.ts', prefix: 'assert.ok(', suffix: ');', context: [] } as const, answer } }], spans: [] };
    const structural = structuralSelfEdit(sample.material, { tools: sample.tools, budgetTokens: 3000, recipe: defaultRecipe, seed: 1 });
    const script: Script = (prompt) => (prompt.form === undefined ? 'epochs=3' : `How is \`${prompt.name}\` called?<|answer|>const shown = ${answer};`);
    const [edit] = await writeSelfEdits({ ...sample.material, keptOut }, structural, new ScriptedWriter(script), { tools: sample.tools, count: 1, policy: null, seed: 1 });
    expect(edit?.pairs.some((pair) => pair.example.answer.includes('SEK'))).toBe(false);
    expect(edit?.dropped.some((dropped) => dropped.reason === 'heldOut')).toBe(true);
  });

  it('ask nothing where there is nothing to write about', async () => {
    const sample = await sampleCommit();
    const material = { ...sample.material, changes: [] };
    const structural = structuralSelfEdit(material, { tools: sample.tools, budgetTokens: 3000, recipe: defaultRecipe, seed: 1 });
    const writer = new ScriptedWriter(() => '');
    const edits = await writeSelfEdits(material, structural, writer, { tools: sample.tools, count: 2, policy: null, seed: 1 });
    expect(edits.map((edit) => edit.origin)).toEqual(['structuralOnly', 'structuralOnly']);
    expect(writer.asked).toEqual([]);
  });
});

describe('a quiz', () => {
  const options = { policy: null, seed: 1, halfOf: (path: string) => (path === 'src/money.ts' ? 'judge' : 'select') } as const;

  it('asks only about held-out declarations, and drops what is not grounded', async () => {
    const sample = await sampleCommit();
    const writer = new ScriptedWriter((prompt, item, index) => `What does \`${prompt.name}\` use?<|answer|>${index === 0 ? '`ledger.entries`.' : 'It uses `inventedThing`.'}`);
    const quiz = await writeQuiz(sample.material, writer, { ...options, tools: sample.tools });
    expect(writer.asked.every(({ prompt }) => prompt.kind === 'selfEdit' && prompt.name === sample.heldOutName)).toBe(true);
    expect(quiz.items).toMatchObject([{ kind: 'quiz', path: 'src/money.ts', half: 'judge', commit: 'c0ffee', example: { answer: '`ledger.entries`.' } }]);
    expect(quiz.dropped.length).toBe(writer.asked.length - 1);
  });

  it('is empty where the commit touched nothing held out', async () => {
    const sample = await sampleCommit();
    const writer = new ScriptedWriter(() => 'Q<|answer|>A');
    const quiz = await writeQuiz({ ...sample.material, changes: sample.material.changes.filter((change) => change.after?.name === sample.newName) }, writer, { ...options, tools: sample.tools });
    expect(quiz.items).toEqual([]);
  });
});
