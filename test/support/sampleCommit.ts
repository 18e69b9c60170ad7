// A small commit for tests of self-edits: a function renamed and given an option, a type added, callers and a test that follow.
// `heldOutName` declares something that the hash holds out, so that what must not leak is really there.
import type { CommitMaterial } from '../../server/selfEdit/commitMaterial.ts';
import type { KeptOut } from '../../server/selfEdit/keptOut.ts';
import type { SelfEditTools } from '../../server/selfEdit/parsedTree.ts';
import { isHeldOut } from '../../server/syntax/heldOut.ts';
import { servingShape } from '../../server/syntax/promptContext.ts';
import type { Syntax } from '../../server/syntax/syntax.ts';
import { loadedSyntax } from './loadedSyntax.ts';

/** A token per four characters, at least one. */
export const countTokens = (text: string): number => (text === '' ? 0 : Math.ceil(text.length / 4));

export async function sampleTools(): Promise<SelfEditTools> {
  return { syntax: await loadedSyntax(), countTokens, shape: servingShape };
}

/** The first name of a row for which a declaration is held out (or is not). */
export function nameThat(syntax: Syntax, isKeptOut: boolean, source: (name: string) => string, stem = 'secret'): string {
  for (let index = 0; index < 200; index++) {
    const name = `${stem}${index}`;
    const declaration = syntax.declarations('src/x.ts', source(name)).find((candidate) => candidate.name === name);
    if (declaration !== undefined && isHeldOut(declaration) === isKeptOut) return name;
  }
  throw new Error('no such name');
}

export const heldOutSource = (name: string): string => `export function ${name}(ledger: Ledger): number {\n  const hidden = ledger.entries.length * 4711;\n  return hidden + ledger.balance.secretShare;\n}\n`;

const shared = "  if (!Number.isFinite(amount)) throw new RangeError('amount must be finite');\n  const sign = amount < 0 ? '-' : '';\n";
const newSource = (name: string): string => `export function ${name}(amount: number, options: FormatOptions): string {\n${shared}  const rounded = sign + Math.abs(amount).toFixed(options.digits ?? 2);\n  if (options.currency === undefined) return rounded;\n  return \`\${rounded} \${options.currency}\`;\n}\n`;
const oldSource = (name: string): string => `export function ${name}(amount: number): string {\n${shared}  const rounded = sign + Math.abs(amount).toFixed(2);\n  return rounded;\n}\n`;

export interface Sample {
  readonly material: CommitMaterial;
  readonly tools: SelfEditTools;
  /** The held-out function of src/money.ts. */
  readonly heldOutName: string;
  /** Name of the renamed function before and after. */
  readonly oldName: string;
  readonly newName: string;
}

export async function sampleCommit(keptOut: KeptOut = { probes: [], spans: [] }): Promise<Sample> {
  const tools = await sampleTools();
  const { syntax } = tools;
  const heldOutName = nameThat(syntax, true, heldOutSource);
  const newName = nameThat(syntax, false, newSource, 'formatMoney');
  const oldName = nameThat(syntax, false, oldSource, 'printAmount');
  const types = 'export interface FormatOptions {\n  digits?: number;\n  currency?: string;\n}\n';
  const before = new Map([
    ['src/money.ts', `import type { Ledger } from './ledger.ts';\n\n${oldSource(oldName)}`],
    ['src/invoice.ts', `import { ${oldName} } from './money.ts';\n\nexport function invoiceLine(title: string, amount: number): string {\n  return title + ': ' + ${oldName}(amount);\n}\n`],
    ['src/ledger.ts', 'export interface Ledger {\n  entries: number[];\n  balance: { secretShare: number };\n}\n'],
  ]);
  const after = new Map([
    ['src/money.ts', `import type { Ledger } from './ledger.ts';\nimport type { FormatOptions } from './options.ts';\n\n${newSource(newName)}\n${heldOutSource(heldOutName)}`],
    ['src/options.ts', types],
    ['src/invoice.ts', `import { ${newName} } from './money.ts';\n\nexport function invoiceLine(title: string, amount: number): string {\n  return title + ': ' + ${newName}(amount, { currency: 'EUR' });\n}\n`],
    ['src/ledger.ts', before.get('src/ledger.ts') ?? ''],
    ['test/money.test.ts', `import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { ${newName} } from '../src/money.ts';\n\ntest('shows the currency', () => {\n  assert.equal(${newName}(12.5, { digits: 1, currency: 'CHF' }), '12.5 CHF');\n});\n`],
  ]);
  const paths = ['src/money.ts', 'src/options.ts', 'src/invoice.ts', 'test/money.test.ts'];
  const versions = paths.map((path) => ({ path, oldPath: path, before: before.get(path) ?? null, after: after.get(path) ?? null }));
  return { material: { repository: 'shop', commit: 'c0ffee', changes: syntax.changes(versions), versions, files: after, keptOut }, tools, heldOutName, oldName, newName };
}
