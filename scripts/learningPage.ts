// The tables of constants in docs/learning.md, read from the doc comments of the files that hold the constants, so that the page cannot say
// something else than the code. `npx tsx scripts/learningPage.ts` rewrites them; a test fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = `${root}docs/learning.md`;
const sources = {
  learning: { file: 'server/learning/constants.ts', name: 'learning' },
  limits: { file: 'server/reward/gates.ts', name: 'limits' },
} as const;

/** Rows of `| constant | value | reason |`. A constant without a comment of its own shares the one before. */
export function constantRows(text: string, name: string): string[] {
  const start = text.indexOf(`export const ${name} = {`);
  const rows: string[] = [];
  const path: string[] = [];
  let reason = '';
  let comment: string[] | null = null;
  for (const line of text.slice(start, text.indexOf('} as const', start)).split('\n').slice(1)) {
    const trimmed = line.trim();
    if (trimmed.startsWith('/**')) comment = [];
    if (comment !== null) {
      comment.push(trimmed.replace(/^\/?\*+\/?/, '').replace(/\*\/$/, '').trim());
      if (trimmed.endsWith('*/')) {
        reason = comment.filter((part) => part !== '').join(' ');
        comment = null;
      }
      continue;
    }
    const field = /^(\w+): (.+?),?$/.exec(trimmed);
    if (trimmed === '},') path.pop();
    else if (field?.[2] === '{') path.push(String(field[1]));
    else if (field) rows.push(`| \`${[...path, field[1]].join('.')}\` | ${String(field[2]).replace(/^\{ (.*) \}$/, '$1')} | ${reason.replaceAll('|', '\\|')} |`);
  }
  return rows;
}

export function withTables(text: string): string {
  let result = text;
  for (const [key, { file, name }] of Object.entries(sources)) {
    const table = ['| constant | value | why |', '| --- | --- | --- |', ...constantRows(readFileSync(root + file, 'utf8'), name)].join('\n');
    const [open, close] = [`<!-- constants of ${file} -->`, `<!-- end of ${key} -->`];
    const from = result.indexOf(open);
    const to = result.indexOf(close);
    if (from < 0 || to < 0) throw new Error(`docs/learning.md has no place for ${key}`);
    result = `${result.slice(0, from + open.length)}\n${table}\n${result.slice(to)}`;
  }
  return result;
}

export function learningPage(): string {
  return readFileSync(page, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, withTables(learningPage()));
