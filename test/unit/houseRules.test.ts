// The house rules catch what they claim to catch, and the sources keep them.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { checkSource, folderOf } from '../../scripts/houseRules/rules.ts';

const header = '// What this is.\n';

const cases: readonly { name: string; path: string; text: string; rules: string[] }[] = [
  { name: 'an import up the table', path: 'server/base/a.ts', text: `${header}import { x } from '../git/commit.ts';`, rules: ['importTable'] },
  { name: 'an import that the table allows', path: 'server/reward/a.ts', text: `${header}import { x } from '../syntax/syntax.ts';`, rules: [] },
  { name: 'learning reaching into the engine', path: 'server/learning/a.ts', text: `${header}import { x } from '../engine/train/a.ts';`, rules: ['importTable'] },
  { name: 'a foreign package', path: 'server/git/a.ts', text: `${header}import { z } from 'zod';`, rules: ['packages'] },
  { name: 'onnxruntime outside its door', path: 'server/engine/train/a.ts', text: `${header}import * as ort from 'onnxruntime-node';`, rules: ['packages'] },
  { name: 'the file system outside host', path: 'server/store/a.ts', text: `${header}import { readFile } from 'node:fs/promises';`, rules: ['builtins'] },
  { name: 'a dynamic import', path: 'server/store/a.ts', text: `${header}const x = await import('node:fs');`, rules: ['builtins'] },
  { name: 'an import over several lines', path: 'server/base/a.ts', text: `${header}import {\n  x,\n} from '../git/commit.ts';`, rules: ['importTable'] },
  { name: 'a missing header', path: 'server/base/a.ts', text: 'export const x = 1;', rules: ['header'] },
  { name: 'a name that says nothing', path: 'server/base/utils.ts', text: header, rules: ['name'] },
  { name: 'any', path: 'server/base/a.ts', text: `${header}export const x: any = 1;`, rules: ['any'] },
  { name: 'any as a word in a comment or string', path: 'server/base/a.ts', text: `${header}// as any\nexport const x = 'as any';`, rules: [] },
  { name: 'an unknown folder', path: 'elsewhere/a.ts', text: header, rules: ['importTable'] },
  { name: 'a very long file', path: 'server/base/a.ts', text: header + 'export {};\n'.repeat(601), rules: ['length'] },
];

describe('house rules', () => {
  test.each(cases)('$name', ({ path, text, rules }) => {
    expect(checkSource({ path, text }).map((violation) => violation.rule)).toEqual(rules);
  });

  test('the longest folder of the table wins', () => {
    expect(folderOf('server/engine/runtime/onnxruntime/session.ts')).toBe('server/engine/runtime/onnxruntime');
    expect(folderOf('server/cli.ts')).toBe('server');
  });

  test('the sources keep them', () => {
    const output = execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/houseRules/main.ts'], { encoding: 'utf8' });
    expect(output).toMatch(/house rules: \d{2,} files, 0 violations/);
  });
});
