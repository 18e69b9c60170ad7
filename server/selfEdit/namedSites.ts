// Sites that teach a name: its calls, its signature, and its uses where it was renamed or moved.
import type { Random } from '../base/random.ts';
import type { Change, Declaration } from '../syntax/declaration.ts';
import { codeStyleOf, codeTokens, endOfBracket } from './codeTokens.ts';
import type { Site } from './site.ts';
import type { ParsedTree } from './parsedTree.ts';

/** Uses beyond this add little but time. */
const mostUses = 40;
const longestAnswer = 300;

/** The call at each caller: from the name, or from after the opening bracket. */
export function callSites(declaration: Declaration, tree: ParsedTree, random: Random): Site[] {
  const sites = tree.uses(declaration.name).filter((use) => use.isCall).slice(0, mostUses).flatMap((use): Site[] => {
    const text = tree.textOf(use.path) ?? '';
    const open = text.indexOf('(', use.range.end);
    // Type arguments may stand between the name and its bracket; anything else means that this is not the call.
    if (open < 0 || !/^\s*(?:<[^()]*>)?\s*$/.test(text.slice(use.range.end, open))) return [];
    const end = endOfBracket(text, open, codeStyleOf(use.path));
    if (end < 0 || end - use.range.start > longestAnswer) return [];
    const hasArguments = text.slice(open + 1, end - 1).trim() !== '';
    const start = hasArguments && random.next() < 0.5 ? open + 1 : use.range.start;
    return [{ form: 'callSite', path: use.path, masked: { start, end }, declaration: declaration.qualifiedName }];
  });
  return random.shuffled(sites);
}

/** From after the name to the end of the signature; data (types, constants) to its end where it is short. */
export function signatureSites(declaration: Declaration, tree: ParsedTree): Site[] {
  const text = tree.textOf(declaration.path);
  if (text === undefined) return [];
  const whole = text.slice(declaration.range.start, declaration.range.end);
  const nameAt = codeTokens(whole, codeStyleOf(declaration.path)).find((token) => token.kind === 'word' && token.text === declaration.name)?.end;
  if (nameAt === undefined) return [];
  const start = declaration.range.start + nameAt;
  const isCode = declaration.kind === 'function' || declaration.kind === 'method' || declaration.kind === 'class';
  const stop = isCode && declaration.body !== undefined ? declaration.body.start : declaration.range.end;
  let answer = text.slice(start, stop).trimEnd();
  if (answer.length > longestAnswer) answer = answer.split('\n', 1)[0] ?? '';
  if (answer.length > longestAnswer || (answer.match(/[\p{L}\p{N}_$]+/gu)?.length ?? 0) < 2) return [];
  const masked = { start, end: start + answer.length };
  return [{ form: 'signature', path: declaration.path, masked, declaration: declaration.qualifiedName, unwritten: { start: masked.end, end: declaration.range.end } }];
}

/** Each use of the new name, to the end of its line; for a moved declaration each import that names its new place. */
export function renameSites(change: Change, tree: ParsedTree, random: Random): Site[] {
  const { before, after } = change;
  if (before === undefined || after === undefined) return [];
  const sites: Site[] = [];
  const add = (path: string, start: number, text: string): void => {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start <= longestAnswer) sites.push({ form: 'rename', path, masked: { start, end }, declaration: after.qualifiedName });
  };
  if (before.name !== after.name) for (const use of tree.uses(after.name).slice(0, mostUses)) add(use.path, use.range.start, tree.textOf(use.path) ?? '');
  if (before.path !== after.path) {
    for (const path of tree.paths) {
      const text = tree.textOf(path) ?? '';
      if (!text.includes(after.name)) continue;
      for (const statement of tree.tools.syntax.imports(path, text)) {
        if (!statement.names.some(({ imported }) => imported === after.name)) continue;
        const at = text.indexOf(statement.specifier, statement.range.start);
        if (at >= 0 && at < statement.range.end) add(path, at, text);
      }
    }
  }
  return random.shuffled(sites);
}
