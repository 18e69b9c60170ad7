// Next-commit items hold nothing of the commit but the typed start of one line, and only lines new to the tree.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Syntax } from '../../../server/syntax/syntax.ts';
import { nextCommitItems, type NextCommitItem } from '../../../server/evaluation/nextCommitItems.ts';
import { servingShape } from '../../../server/syntax/promptContext.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';

const before = `import { findAccount } from './accounts.ts';

export function closeAccount(id: string): void {
  const account = findAccount(id);
  account.closed = true;
}
`;
const after = `import { findAccount } from './accounts.ts';

export function closeAccount(id: string): Result<Account> {
  const account = findAccount(id);
  const previousBalance = balanceOf(account);
  if (previousBalance.cents !== 0) {
    return fail('accountNotEmpty', id);
  }
  account.closed = true;
}
`;

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax();
});
afterAll(() => syntax.dispose());

function itemsOf(options: { readonly parentFiles?: ReadonlyMap<string, string>; readonly seed?: number; readonly limit?: number } = {}): NextCommitItem[] {
  return nextCommitItems(
    {
      repository: 'books',
      commit: 'c1',
      versions: [{ path: 'src/close.ts', oldPath: 'src/close.ts', before, after }],
      parentFiles: options.parentFiles ?? new Map([['src/close.ts', before]]),
      supports: (path) => syntax.supports(path),
      seed: options.seed ?? 1,
      limit: options.limit ?? 100,
    },
    { syntax, countTokens: (text) => Math.ceil(text.length / 3), shape: servingShape },
  );
}

describe('next-commit items', () => {
  test('are the added lines that are new to the tree', () => {
    const lines = itemsOf().map((item) => item.prompt.prefix.split('\n').at(-1) + item.answer);
    expect(lines.sort()).toEqual([
      '  const previousBalance = balanceOf(account);',
      '  if (previousBalance.cents !== 0) {',
      "    return fail('accountNotEmpty', id);",
      'export function closeAccount(id: string): Result<Account> {',
    ].sort());
  });

  test('leave out a line that stands anywhere in the parent tree, whatever its indentation', () => {
    const parentFiles = new Map([['src/close.ts', before], ['src/other.ts', "return   fail('accountNotEmpty', id);\n"]]);
    expect(itemsOf({ parentFiles }).some((item) => (item.prompt.prefix + item.answer).includes('accountNotEmpty'))).toBe(false);
  });

  test('show nothing of the commit but the typed start of their own line', () => {
    for (const item of itemsOf()) {
      const typed = item.prompt.prefix.split('\n').at(-1) ?? '';
      const shown = [item.prompt.prefix.slice(0, item.prompt.prefix.length - typed.length), item.prompt.suffix].join('\n');
      for (const line of shown.split('\n').filter((each) => each.trim() !== '')) expect(before).toContain(line);
      expect(item.prompt.context.every((snippet) => !snippet.text.includes('previousBalance'))).toBe(true);
    }
  });

  test('stand where the line goes in', () => {
    const item = itemsOf().find(({ prompt, answer }) => (prompt.prefix + answer).includes('previousBalance ='));
    expect(item?.prompt.prefix).toContain('const account = findAccount(id);\n');
    expect(item?.prompt.suffix).toMatch(/^\n {2}account\.closed = true;/);
  });

  test('are the same for the same seed, and cut differently for another', () => {
    expect(itemsOf({ seed: 3 })).toEqual(itemsOf({ seed: 3 }));
    const cuts = (seed: number) => itemsOf({ seed }).map((item) => item.answer).sort().join('|');
    expect(new Set([1, 2, 3, 4, 5].map(cuts)).size).toBeGreaterThan(1);
  });

  test('are sampled down to the limit', () => {
    expect(itemsOf({ limit: 2 })).toHaveLength(2);
  });
});
