// How a change is shown to the model that writes about it: the declaration before and after, cut to a budget around what differs.
// Invariant: held-out declarations and spans are in neither text, so nothing about them can be written.
import type { SelfEditPrompt } from '../base/prompt.ts';
import type { Change, Declaration } from '../syntax/declaration.ts';
import { heldOutRanges } from '../syntax/heldOut.ts';
import { withoutRanges } from '../syntax/promptContext.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { hiddenRanges } from './keptOut.ts';
import type { ParsedTree } from './parsedTree.ts';

/** For each of the two texts. With the answer a prompt stays under the 512 tokens of a row. */
const textTokens = 150;

/** `heldOutAllowed` shows the declaration even where it is held out: only for quizzes, which are probes and never pairs. */
export function changePrompt(change: Change, material: CommitMaterial, tree: ParsedTree, options: { readonly heldOutAllowed: boolean } = { heldOutAllowed: false }): SelfEditPrompt {
  const { before, after } = change;
  const oldText = before === undefined ? '' : shownBefore(before, material, tree, options.heldOutAllowed);
  const newText = after === undefined ? '' : options.heldOutAllowed ? after.text : cut(tree.textOf(after.path) ?? after.text, after, tree.hidden(after.path));
  const [beforeLines, afterLines] = aroundDifference(oldText, newText, tree.tools.countTokens);
  const subject = after ?? before;
  return {
    kind: 'selfEdit',
    repository: material.repository,
    changeKind: change.kind,
    declarationKind: subject?.kind ?? 'function',
    name: subject?.qualifiedName ?? '',
    path: subject?.path ?? '',
    before: beforeLines,
    after: afterLines,
  };
}

function shownBefore(before: Declaration, material: CommitMaterial, tree: ParsedTree, heldOutAllowed: boolean): string {
  const text = material.versions.find((version) => version.oldPath === before.path)?.before;
  if (heldOutAllowed || text === null || text === undefined) return before.text;
  const declarations = tree.tools.syntax.declarations(before.path, text);
  // What is held out today is hidden in its older wording too, by name: its hash may have been another then.
  const heldOutNow = new Set(heldOutNames(tree, before.path));
  const older = declarations.filter((declaration) => heldOutNow.has(declaration.qualifiedName) && declaration.qualifiedName !== before.qualifiedName).map((declaration) => declaration.range);
  return cut(text, before, [...hiddenRanges(before.path, text, declarations, material.keptOut), ...older]);
}

function heldOutNames(tree: ParsedTree, path: string): string[] {
  const declarations = tree.declarations(path);
  const ranges = heldOutRanges(declarations);
  return declarations.filter(({ range }) => ranges.some((held) => held.start === range.start && held.end === range.end)).map((declaration) => declaration.qualifiedName);
}

function cut(text: string, declaration: Declaration, hidden: Parameters<typeof withoutRanges>[2]): string {
  // A range that starts where the declaration starts is the declaration itself: then nothing of it may be shown.
  return withoutRanges(text, declaration.range, hidden).trimEnd();
}

/** Both texts from their first line on if they fit; else the first line and the lines around the first difference. */
function aroundDifference(before: string, after: string, countTokens: (text: string) => number): readonly [string, string] {
  const oldLines = before.split('\n');
  const newLines = after.split('\n');
  let same = 0;
  while (same < Math.min(oldLines.length, newLines.length) && oldLines[same] === newLines[same]) same++;
  return [fit(oldLines, same, countTokens), fit(newLines, same, countTokens)];
}

function fit(lines: readonly string[], firstDifference: number, countTokens: (text: string) => number): string {
  if (countTokens(lines.join('\n')) <= textTokens) return lines.join('\n');
  const kept: string[] = [];
  let tokens = 0;
  const start = Math.max(1, firstDifference - 2);
  for (const line of [lines[0] ?? '', ...lines.slice(start)]) {
    tokens += countTokens(`${line}\n`);
    if (tokens > textTokens && kept.length > 0) break;
    kept.push(line.slice(0, 400));
  }
  return kept.join('\n');
}
