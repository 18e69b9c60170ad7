// The prompt that completion serves, probes ask and pairs teach: what it shows, what it leaves out, what it may cost.
import { beforeAll, describe, expect, it } from 'vitest';
import type { FimPrompt } from '../../../server/base/prompt.ts';
import { fimPrompt, servingShape, type PromptTools } from '../../../server/syntax/promptContext.ts';
import { countTokens, nameThat, sampleTools } from '../../support/sampleCommit.ts';

let tools: PromptTools;
let heldOutType: string;
let Tree: string;

beforeAll(async () => {
  const real = await sampleTools();
  tools = real;
  Tree = nameThat(real.syntax, false, (name) => `export interface ${name} {\n  readonly leaves: readonly string[];\n}\n`, 'Tree');
  heldOutType = nameThat(real.syntax, true, (name) => `export interface ${name} {\n  hiddenField: number;\n}\n`, 'Kept');
});

const files = (): Record<string, string> => ({
  'src/tree.ts': `/** A tree. */\nexport interface ${Tree} {\n  readonly leaves: readonly string[];\n}\n\nexport function grow(tree: ${Tree}, by: number): ${Tree} {\n  return tree;\n}\n\nexport function prune(tree: ${Tree}): ${Tree} {\n  return tree;\n}\n`,
  'src/store.ts': 'export class Store {\n  constructor(readonly folder: string) {}\n  save(name: string): Promise<void> {\n    return write(name);\n  }\n}\n',
  'src/kept.ts': `export interface ${heldOutType} {\n  hiddenField: number;\n}\n`,
});

/** `¦` marks the cursor, `⟦…⟧` what is masked. */
function promptAt(marked: string, extra: { hidden?: { start: number; end: number }[]; hiddenIn?: (path: string) => { start: number; end: number }[]; tools?: PromptTools } = {}): FimPrompt {
  const start = marked.search(/[¦⟦]/);
  const text = marked.replace(/[¦⟦⟧]/g, '');
  const end = marked.includes('⟧') ? marked.indexOf('⟧') - 1 : start;
  const others = files();
  return fimPrompt({ repository: 'r', path: 'src/main.ts', text, masked: { start, end }, textOf: (path) => others[path], ...(extra.hidden ? { hidden: extra.hidden } : {}), ...(extra.hiddenIn ? { hiddenIn: extra.hiddenIn } : {}) }, extra.tools ?? tools);
}

const shownIn = (prompt: FimPrompt): string => prompt.context.map((snippet) => `${snippet.path}: ${snippet.text}`).join('\n');

describe('a prompt', () => {
  it('is the file around the masked text where it is short', () => {
    const prompt = promptAt('const a = 1;\nconst b = ⟦a + 1⟧;\nconst c = 2;\n');
    expect(prompt).toMatchObject({ kind: 'fim', path: 'src/main.ts', prefix: 'const a = 1;\nconst b = ', suffix: ';\nconst c = 2;\n' });
  });

  it('keeps whole lines nearest the cursor, within its shares', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `const value${index} = compute(${index});`);
    const prompt = promptAt(`${lines.join('\n')}\nconst last = ¦\n${lines.join('\n')}`);
    expect(prompt.prefix.endsWith('const value199 = compute(199);\nconst last = ')).toBe(true);
    expect(prompt.prefix.startsWith('const value')).toBe(true);
    expect(prompt.suffix.startsWith('\nconst value0 = compute(0);')).toBe(true);
    // Lines are counted one by one, so a rounding per line may come on top.
    expect(countTokens(prompt.prefix)).toBeLessThanOrEqual(servingShape.promptTokens * servingShape.prefixShare);
    expect(countTokens(prompt.suffix)).toBeLessThanOrEqual(servingShape.promptTokens * servingShape.suffixShare);
  });

  it.each(['x'.repeat(5000), `${'y'.repeat(5000)}\n`])('is bounded on lines without end', (line) => {
    const prompt = promptAt(`${line}¦${line}`);
    expect(prompt.prefix.length).toBeLessThanOrEqual(400);
    expect(prompt.suffix.length).toBeLessThanOrEqual(400);
  });

  it.each([
    ['an empty file', '¦'],
    ['broken code', 'import { from "./tree\nfunction ( { ¦ ] )'],
    ['an import of nothing', "import {} from './tree';\n¦"],
    ['a file that is not there', "import { gone } from './gone';\ngone(¦"],
  ])('of %s is made without complaint', (_, text) => {
    expect(promptAt(text).context.every((snippet) => snippet.path === 'src/tree.ts')).toBe(true);
  });

  it('leaves out the lines of hidden ranges on both sides', () => {
    const text = 'const a = 1;\nconst secret = 2;\nconst b = ¦;\nconst hush = 3;\nconst c = 4;\n';
    const plain = text.replace('¦', '');
    const range = (word: string) => ({ start: plain.indexOf(word), end: plain.indexOf(word) + word.length });
    const prompt = promptAt(text, { hidden: [range('hush'), range('secret')] });
    expect(prompt.prefix).toBe('const a = 1;\nconst b = ');
    expect(prompt.suffix).toBe(';\nconst c = 4;\n');
  });
});

describe('context', () => {
  it('has the signatures of imported functions and the text of imported types', () => {
    const prompt = promptAt(`import { grow, type ${Tree} } from './tree.js';\nconst bigger = grow(¦`);
    expect(prompt.context).toHaveLength(1);
    expect(shownIn(prompt)).toContain(`grow(tree: ${Tree}, by: number): ${Tree}`);
    expect(shownIn(prompt)).toContain('readonly leaves: readonly string[];');
    expect(shownIn(prompt)).not.toContain('return tree');
    expect(shownIn(prompt)).not.toContain('A tree.');
  });

  it('shows a class with the signatures of its members', () => {
    expect(shownIn(promptAt("import { Store } from './store';\nnew Store(¦"))).toMatch(/class Store[^]*save\(name: string\): Promise<void>/);
  });

  it('shows of a namespace what is used near the cursor', () => {
    const shown = shownIn(promptAt("import * as tree from './tree';\ntree.prune(¦"));
    expect(shown).toContain('prune(');
    expect(shown).not.toContain('grow(');
  });

  it('prefers what is used nearest when there is room for little, in the order of the imports', () => {
    const tight = { ...tools, shape: { promptTokens: 52, prefixShare: 0.6, suffixShare: 0.1 } };
    const shown = shownIn(promptAt("import { Store } from './store';\nimport { prune } from './tree';\nprune(¦", { tools: tight }));
    expect(shown).toContain('prune(');
    expect(shown).not.toContain('Store');
    expect(promptAt("import { Store } from './store';\nimport { prune } from './tree';\nprune(¦").context.map((snippet) => snippet.path)).toEqual(['src/store.ts', 'src/tree.ts']);
  });

  it('is the same whatever the masked text says', () => {
    const before = "import { grow, prune } from './tree';\nexport const result = ";
    const [one, other] = [promptAt(`${before}⟦grow(a, 1)⟧;`), promptAt(`${before}⟦prune(a)⟧;`)];
    expect(one.context).toEqual(other.context);
  });

  it('names held-out data but does not show it', () => {
    const shown = shownIn(promptAt(`import type { ${heldOutType} } from './kept';\nconst x: ${heldOutType} = ¦`));
    expect(shown).toContain(heldOutType);
    expect(shown).not.toContain('hiddenField');
  });

  it('names what lies in a hidden range of its file by the signature only', () => {
    const marked = `import type { ${Tree} } from './tree';\nconst x: ${Tree} = ¦`;
    const shown = shownIn(promptAt(marked, { hiddenIn: () => [{ start: 30, end: 60 }] }));
    expect(shownIn(promptAt(marked))).toContain('leaves');
    expect(shown).toContain(Tree);
    expect(shown).not.toContain('leaves');
  });
});
