// A grounded written pair as training pairs: the question, and for code the same answer in the format that completion serves.
import type { Change } from '../syntax/declaration.ts';
import { fimPrompt } from '../syntax/promptContext.ts';
import { isCodeForm } from './grounding.ts';
import { makePair, type Pair } from './pair.ts';
import type { ParsedTree } from './parsedTree.ts';
import type { WrittenPair } from './writtenPair.ts';

export interface WrittenAbout {
  readonly repository: string;
  readonly commit: string;
  readonly change: Change;
}

/** One or two pairs; the question comes first. No code is shown with it: the weights are to know. */
export function writtenExamples(written: WrittenPair, about: WrittenAbout, tree: ParsedTree): Pair[] {
  const subject = about.change.after ?? about.change.before;
  const fields = { form: written.form, commit: about.commit, path: subject?.path ?? '', declaration: subject?.qualifiedName ?? '', writtenBy: 'model' } as const;
  const question = makePair({ ...fields, example: { prompt: { kind: 'question', repository: about.repository, question: written.question }, answer: written.answer } });
  const served = isCodeForm(written.form) ? servedPlace(about.change, tree, written) : null;
  if (served === null) return [question];
  const { path, at, indent } = served;
  const text = tree.textOf(path) ?? '';
  const typed = text.slice(0, at) + indent;
  const prompt = fimPrompt({ repository: about.repository, path, text: typed + text.slice(at), masked: { start: typed.length, end: typed.length }, textOf: tree.textOf, hidden: shifted(tree, path, at, indent.length) }, tree.tools);
  // The line after the new one begins where it began.
  return [question, makePair({ ...fields, path, example: { prompt: { ...prompt, suffix: `\n${prompt.suffix}` }, answer: indented(written.answer, indent) } })];
}

interface ServedPlace {
  readonly path: string;
  /** Start of the line before which the code is written. */
  readonly at: number;
  readonly indent: string;
}

/** A usage is typed where the name is used; a rewrite, a version of the declaration, where the declaration stands. */
function servedPlace(change: Change, tree: ParsedTree, written: WrittenPair): ServedPlace | null {
  const { after } = change;
  if (after === undefined) return null;
  const use = tree.uses(after.name).find(({ path, isCall, range }) => isCall && !tree.hidden(path).some((hidden) => hidden.start <= range.end && range.start <= hidden.end));
  const place = written.form === 'usage' && use !== undefined ? { path: use.path, offset: use.range.start } : { path: after.path, offset: written.form === 'usage' ? after.range.end : after.range.start };
  const text = tree.textOf(place.path);
  if (text === undefined) return null;
  const newline = text.indexOf('\n', place.offset);
  const at = written.form === 'usage' && use === undefined ? (newline < 0 ? text.length : newline + 1) : text.lastIndexOf('\n', place.offset - 1) + 1;
  return { path: place.path, at, indent: text.slice(at).match(/^[ \t]*/)?.[0] ?? '' };
}

function indented(code: string, indent: string): string {
  return code.trim().split('\n').map((line, index) => (index === 0 || line === '' ? line : indent + line)).join('\n');
}

function shifted(tree: ParsedTree, path: string, at: number, by: number): { start: number; end: number }[] {
  return tree.hidden(path).map(({ start, end }) => ({ start: start >= at ? start + by : start, end: end > at ? end + by : end }));
}
