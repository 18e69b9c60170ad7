// Replay of pairs learnt earlier: which ones still hold, how many, how they are spread; and the augmentations of a recipe.
import { describe, expect, it } from 'vitest';
import { present } from '../../../server/base/assert.ts';
import { augmented } from '../../../server/selfEdit/augment.ts';
import { exampleTokens } from '../../../server/selfEdit/exampleTokens.ts';
import { makePair, type Pair } from '../../../server/selfEdit/pair.ts';
import { parsedTree } from '../../../server/selfEdit/parsedTree.ts';
import { defaultRecipe } from '../../../server/selfEdit/recipe.ts';
import { selectReplay, type StoredPair } from '../../../server/selfEdit/selectReplay.ts';
import { stillGrounded } from '../../../server/selfEdit/stillGrounded.ts';
import { structuralSelfEdit } from '../../../server/selfEdit/structuralSelfEdit.ts';
import { countTokens, heldOutSource, nameThat, sampleCommit, sampleTools } from '../../support/sampleCommit.ts';

const nothing = { probes: [], spans: [] };

const file = (count: number): string => Array.from({ length: count }, (_, index) => `export function step${index}(value: number): number {\n  return value * ${index + 10} + offsetOf(value, ${index});\n}\n`).join('\n');

function fimPair(path: string, index: number): Pair {
  const prompt = { kind: 'fim', repository: 'r', path, prefix: `export function step${index}(value: number): number {\n  `, suffix: '\n}\n', context: [{ path: 'a.ts', text: 'a' }, { path: 'b.ts', text: 'b' }, { path: 'c.ts', text: 'c' }] } as const;
  return makePair({ form: 'fim', example: { prompt, answer: `return value * ${index + 10} + offsetOf(value, ${index});` }, commit: 'c', path, declaration: `step${index}`, writtenBy: 'structural' });
}

async function headTree(files: Record<string, string>) {
  return parsedTree({ files: new Map(Object.entries(files)), keptOut: nothing }, await sampleTools());
}

/** Indices whose declaration is not held out, so that only what a test says decides. */
async function taught(path: string, count: number): Promise<number[]> {
  const tree = await headTree({ [path]: file(count) });
  return Array.from({ length: count }, (_, index) => index).filter((index) => stillGrounded(fimPair(path, index), tree));
}

const written = (answer: string): Pair => makePair({ form: 'question', example: { prompt: { kind: 'question', repository: 'r', question: 'What does `step3` call?' }, answer }, commit: 'c', path: 'src/s.ts', declaration: 'step3', writtenBy: 'model' });

async function stored(): Promise<{ pairs: StoredPair[]; files: Record<string, string> }> {
  const paths = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
  const indices = await taught('src/a.ts', 40);
  const pairs = paths.flatMap((path) => indices.map((index) => ({ pair: fimPair(path, index), version: `v${index % 4}`, age: index % 4 })));
  return { pairs, files: Object.fromEntries(paths.map((path) => [path, file(40)])) };
}

const contexts = (list: readonly Pair[]): string[] => list.map(({ example: { prompt } }) => (prompt.kind === 'fim' ? prompt.context.map((snippet) => snippet.path).join() : ''));

describe('a pair is still grounded', () => {
  it('in the tree it was made from, every one', async () => {
    const sample = await sampleCommit();
    const { pairs } = structuralSelfEdit(sample.material, { tools: sample.tools, budgetTokens: 20_000, recipe: defaultRecipe, seed: 1 });
    const tree = parsedTree(sample.material, sample.tools);
    expect(pairs.filter((pair) => !stillGrounded(pair, tree))).toEqual([]);
  });

  it.each<[string, (source: string, index: number) => string, boolean]>([
    ['after other lines were added', (source) => `// more\n${source}\nexport const later = 1;\n`, true],
    ['not after its line changed', (source, index) => source.replace(`* ${index + 10} +`, '* 99 +'), false],
    ['not after its declaration went', (source, index) => source.replace(`function step${index}(`, 'function other('), false],
  ])('%s', async (_, edit, expected) => {
    const index = (await taught('src/s.ts', 12))[0] ?? 0;
    expect(stillGrounded(fimPair('src/s.ts', index), await headTree({ 'src/s.ts': edit(file(12), index) }))).toBe(expected);
  });

  it('not once its declaration is held out', async () => {
    const tools = await sampleTools();
    const name = nameThat(tools.syntax, true, heldOutSource);
    const answer = 'return hidden + ledger.balance.secretShare;';
    const prompt = { kind: 'fim', repository: 'r', path: 'src/x.ts', prefix: '  ', suffix: '', context: [] } as const;
    const pair = makePair({ form: 'fim', example: { prompt, answer }, commit: 'c', path: 'src/x.ts', declaration: name, writtenBy: 'structural' });
    expect(stillGrounded(pair, await headTree({ 'src/x.ts': heldOutSource(name) }))).toBe(false);
  });

  it('when every name of a written answer is declared, and not when one is gone', async () => {
    const tree = await headTree({ 'src/s.ts': file(5) });
    expect(stillGrounded(written('`offsetOf`.'), tree)).toBe(true);
    expect(stillGrounded(written('`shiftOf`.'), tree)).toBe(false);
  });
});

describe('replay', () => {
  it.each([0.1, 0.15, 0.25])('takes a share of %f of all tokens, spread over files and ages', async (share) => {
    const { pairs, files } = await stored();
    const replayed = selectReplay(pairs, { tree: await headTree(files), keptOut: nothing, share, newTokens: 6000, seed: 3 });
    const tokens = replayed.reduce((sum, pair) => sum + exampleTokens(pair.example, countTokens), 0);
    expect(tokens / (tokens + 6000)).toBeLessThanOrEqual(share);
    expect(tokens / (tokens + 6000)).toBeGreaterThan(share - 0.02);
    const perFile = ['src/a.ts', 'src/b.ts', 'src/c.ts'].map((path) => replayed.filter((pair) => pair.path === path).length);
    expect(Math.max(...perFile) - Math.min(...perFile)).toBeLessThanOrEqual(1);
    expect(new Set(replayed.map((pair) => pair.replayOf)).size).toBeGreaterThan(2);
  });

  it('is the same for the same seed and another for another', async () => {
    const { pairs, files } = await stored();
    const tree = await headTree(files);
    const ids = (seed: number): string[] => selectReplay(pairs, { tree, keptOut: nothing, share: 0.2, newTokens: 2000, seed }).map((pair) => pair.id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });

  it('leaves out what no longer holds and what a probe of today asks', async () => {
    const { pairs, files } = await stored();
    const first = present(pairs[0]).pair;
    const keptOut = { probes: [{ path: first.path, example: first.example }], spans: [] };
    const tree = await headTree({ ...files, 'src/b.ts': 'export const nothing = 1;\n' });
    const replayed = selectReplay(pairs, { tree, keptOut, share: 0.25, newTokens: 100_000, seed: 1 });
    expect(replayed.length).toBeGreaterThan(10);
    expect(replayed.some((pair) => pair.path === 'src/b.ts')).toBe(false);
    expect(replayed.some((pair) => pair.example.answer === first.example.answer)).toBe(false);
  });

  it('keeps the version that first learnt a pair, and takes a pair once', async () => {
    const { pairs, files } = await stored();
    const first = present(pairs[0]);
    const replayedBefore = { ...first, pair: { ...first.pair, replayOf: 'origin' } };
    const replayed = selectReplay([replayedBefore, replayedBefore], { tree: await headTree(files), keptOut: nothing, share: 0.25, newTokens: 100_000, seed: 1 });
    expect(replayed.map((pair) => pair.replayOf)).toEqual(['origin']);
  });
});

describe('augmentation', () => {
  const pairs = Array.from({ length: 8 }, (_, index) => fimPair('src/a.ts', index));

  it('none changes nothing', () => expect(augmented(pairs, 'none', 1)).toEqual(pairs));
  it('reorder keeps every snippet and moves some', () => {
    const orders = contexts(augmented(pairs, 'reorder', 1));
    expect(orders.every((order) => order.split(',').sort().join() === 'a.ts,b.ts,c.ts')).toBe(true);
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(contexts(augmented(pairs, 'reorder', 1))).toEqual(orders);
  });
  it('context drops it from every second pair', () => {
    expect(contexts(augmented(pairs, 'context', 1)).filter((context) => context === '')).toHaveLength(4);
  });
  it('gives a changed pair an identity of its own', () => {
    expect(augmented(pairs, 'context', 1).filter((pair, index) => pair.id !== pairs[index]?.id)).toHaveLength(4);
  });
});
