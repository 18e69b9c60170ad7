// A grounded written pair as training pairs: the question, and for code the same answer in the format that completion serves.
import type { TextRange } from '../base/textRange.ts';
import type { Change, Declaration } from '../syntax/declaration.ts';
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
  const { change, repository, commit } = about;
  const subject = change.after ?? change.before;
  const fields = { form: written.form, commit, path: subject?.path ?? '', declaration: subject?.qualifiedName ?? '', writtenBy: 'model' } as const;
  const question = makePair({ ...fields, example: { prompt: { kind: 'question', repository, question: written.question }, answer: written.answer } });
  const place = isCodeForm(written.form) ? servedPlace(written, change, tree) : null;
  const file = place === null ? undefined : tree.textOf(place.path);
  if (place === null || file === undefined) return [question];
  // The file as it looks while this code is being typed: `replaced` is not there yet, and the line is indented already.
  const { path, replaced, newLine } = place;
  const indent = /^[ \t]*/.exec(file.slice(replaced.start))?.[0] ?? '';
  const typed = file.slice(0, replaced.start) + indent;
  const text = typed + (newLine ? '\n' : '') + file.slice(replaced.end);
  const moved = typed.length + (newLine ? 1 : 0) - replaced.end;
  const hidden = tree.hidden(path).map(({ start, end }) => (start >= replaced.end ? { start: start + moved, end: end + moved } : { start, end }));
  const prompt = fimPrompt({ repository, path, text, masked: { start: typed.length, end: typed.length }, textOf: tree.textOf, hidden, hiddenIn: tree.hidden }, tree.tools);
  return [question, makePair({ ...fields, path, example: { prompt, answer: indented(written.answer, indent) } })];
}

interface ServedPlace {
  readonly path: string;
  /** Starts at a line's start; empty where the code is new. */
  readonly replaced: TextRange;
  readonly newLine: boolean;
}

/** A usage is typed on the line above a use of the name; a rewrite where as many lines of the declaration stand. */
function servedPlace(written: WrittenPair, change: Change, tree: ParsedTree): ServedPlace | null {
  const { after } = change;
  if (after === undefined) return null;
  if (written.form === 'rewrite') return rewritePlace(written, after, tree);
  // An import belongs to the top of a file, where structural pairs teach it already.
  if (/^\s*(?:import|from|export)\b/.test(written.answer)) return null;
  const use = tree.uses(after.name).find(({ isCall }) => isCall);
  if (use === undefined) return null;
  const start = lineStart(tree.textOf(use.path) ?? '', use.range.start);
  return { path: use.path, replaced: { start, end: start }, newLine: true };
}

function rewritePlace(written: WrittenPair, after: Declaration, tree: ParsedTree): ServedPlace | null {
  const text = tree.textOf(after.path);
  const comment = /^(?:\s*(?:\/\*[^]*?\*\/|\/\/.*\n|#.*\n))*\s*/.exec(after.text)?.[0].length ?? 0;
  if (text === undefined) return null;
  const start = lineStart(text, after.range.start + comment);
  const lines = text.slice(start, after.range.end).split('\n').slice(0, written.answer.trim().split('\n').length);
  return { path: after.path, replaced: { start, end: start + lines.join('\n').length }, newLine: false };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Relative to the first line, which starts where the cursor already is. */
function indented(code: string, indent: string): string {
  const lines = code.trim().split('\n');
  // Code written with the file's own indentation keeps it.
  const isAbsolute = indent !== '' && lines.slice(1).every((line) => line === '' || line.startsWith(indent));
  return lines.map((line, index) => (index === 0 || line === '' || isAbsolute ? line : indent + line)).join('\n');
}
