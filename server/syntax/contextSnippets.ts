// What a prompt shows of other files: one snippet per imported file, with the signatures of the names that are used near the cursor.
// Chosen without looking at the masked text, because at a cursor there is none to look at.
import type { ContextSnippet } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration } from './declaration.ts';
import { isHeldOut } from './heldOut.ts';
import { resolveImport } from './resolveImport.ts';
import type { Syntax } from './syntax.ts';

interface ContextRequest {
  readonly path: string;
  readonly text: string;
  readonly masked: TextRange;
  readonly textOf: (path: string) => string | undefined;
  readonly hiddenIn?: (path: string) => readonly TextRange[];
}

interface ContextTools {
  readonly syntax: Pick<Syntax, 'imports' | 'declarations'>;
  readonly countTokens: (text: string) => number;
  readonly budgetTokens: number;
}

interface Candidate {
  readonly importIndex: number;
  readonly path: string;
  readonly distance: number;
  readonly line: string;
  readonly position: number;
}

/** Nearest uses first until the budget is spent, shown in the order of the import statements: the same text, so the same KV cache. */
export function contextSnippets(request: ContextRequest, { syntax, countTokens, budgetTokens }: ContextTools): ContextSnippet[] {
  const near = distances(request.text, request.masked);
  const candidates: Candidate[] = [];
  const imports = syntax.imports(request.path, request.text);
  for (const [importIndex, statement] of imports.entries()) {
    const path = resolveImport(request.path, statement.specifier, (candidate) => request.textOf(candidate) !== undefined);
    if (path === null) continue;
    const declarations = syntax.declarations(path, request.textOf(path) ?? '');
    const hidden = request.hiddenIn?.(path) ?? [];
    for (const { imported, local } of statement.names) {
      for (const declaration of meantBy(imported, local, declarations, near)) {
        const distance = Math.min(near.get(local) ?? unused, imported === '*' ? (near.get(declaration.name) ?? unused) : unused);
        candidates.push({ importIndex, path, distance, line: shown(declaration, declarations, hidden), position: declaration.range.start });
      }
    }
  }
  candidates.sort((a, b) => a.distance - b.distance || a.importIndex - b.importIndex || a.position - b.position);
  let left = budgetTokens;
  const chosen = candidates.filter(({ path, line }, index) => {
    if (candidates.findIndex((other) => other.path === path && other.line === line) !== index) return false;
    const cost = countTokens(`${path}\n${line}\n`);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
  const paths = [...new Set(chosen.sort((a, b) => a.importIndex - b.importIndex || a.position - b.position).map(({ path }) => path))];
  return paths.map((path) => ({ path, text: chosen.filter((candidate) => candidate.path === path).map(({ line }) => line).join('\n') }));
}

const unused = Number.MAX_SAFE_INTEGER;
/** Characters around the cursor that count as near. */
const nearBefore = 1500;
const nearAfter = 500;

/** Each word near the masked range with its distance from it in characters. */
function distances(text: string, masked: TextRange): Map<string, number> {
  const result = new Map<string, number>();
  const note = (word: string, distance: number): void => {
    result.set(word, Math.min(result.get(word) ?? unused, distance));
  };
  const before = text.slice(Math.max(0, masked.start - nearBefore), masked.start);
  for (const match of before.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) note(match[0], before.length - match.index);
  for (const match of text.slice(masked.end, masked.end + nearAfter).matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) note(match[0], match.index);
  return result;
}

function meantBy(imported: string, local: string, declarations: readonly Declaration[], near: ReadonlyMap<string, number>): readonly Declaration[] {
  const top = declarations.filter((declaration) => !declaration.qualifiedName.includes('.'));
  if (imported === '*') return top.filter((declaration) => declaration.exported && near.has(declaration.name));
  const named = top.filter((declaration) => declaration.name === imported || (imported === 'default' && declaration.name === local));
  return named.length > 0 || imported !== 'default' ? named : top.filter((declaration) => declaration.exported).slice(0, 1);
}

/** Data is shown whole where it is short, classes with the signatures of their members, everything else by its signature. */
function shown(declaration: Declaration, all: readonly Declaration[], hidden: readonly TextRange[]): string {
  if (declaration.kind === 'class') {
    const members = all.filter((member) => member.qualifiedName === `${declaration.name}.${member.name}`).slice(0, 8);
    return [declaration.signature, ...members.map((member) => `  ${member.signature}`)].join('\n');
  }
  const isData = declaration.kind !== 'function' && declaration.kind !== 'method';
  // A held-out declaration may be named but not shown.
  const isHidden = isHeldOut(declaration) || hidden.some(({ start, end }) => start < declaration.range.end && declaration.range.start < end);
  return isData && !isHidden ? firstLines(withoutComment(declaration.text)) : declaration.signature;
}

const longestData = 300;

function firstLines(text: string): string {
  if (text.length <= longestData) return text;
  return text.slice(0, Math.max(text.indexOf('\n'), text.lastIndexOf('\n', longestData))) || text.slice(0, longestData);
}

function withoutComment(text: string): string {
  return text.replace(/^(?:\s*(?:\/\*[^]*?\*\/|\/\/.*\n|#.*\n))*\s*/, '');
}
