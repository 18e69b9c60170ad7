// Which lines of a declaration a commit wrote. Lines of a class's members belong to the members; indentation does not count.
import { diffArrays } from 'diff';
import { folded } from '../base/folded.ts';
import type { Declaration } from './declaration.ts';
import { lineStarts } from './lineStarts.ts';

/** The file after the commit, as far as its changed lines need it. */
export interface AfterFile {
  readonly declarations: readonly Declaration[];
  /** Zero-based line of an offset. */
  readonly lineAt: (offset: number) => number;
}

export function afterFile(text: string, declarations: readonly Declaration[]): AfterFile {
  const starts = lineStarts(text);
  return { declarations, lineAt: (offset) => lastAtMost(starts, offset) };
}

/** Zero-based lines of the file. Without `before` all lines of the declaration are new. Blank lines are never listed. */
export function changedLinesOf({ declarations, lineAt }: AfterFile, after: Declaration, before?: Declaration): number[] {
  const first = lineAt(after.range.start);
  const lines = after.text.split('\n').map((line) => line.trim());
  const members = membersOf(after, declarations).map(({ range }) => ({
    start: lineAt(range.start),
    end: lineAt(Math.max(range.start, range.end - 1)),
  }));
  const written = before === undefined ? lines.map((_, index) => index) : added(before.text.split('\n').map((line) => line.trim()), lines);
  return written
    .filter((index) => lines[index] !== '')
    .map((index) => first + index)
    .filter((line) => !members.some(({ start, end }) => start <= line && line <= end));
}

/** A declaration's text without that of its members: what of a class is the class's own. */
export function shellOf(declaration: Declaration, declarations: readonly Declaration[]): string {
  let shell = '';
  let at = declaration.range.start;
  for (const { range } of membersOf(declaration, declarations)) {
    if (range.start < at) continue;
    shell += declaration.text.slice(at - declaration.range.start, range.start - declaration.range.start);
    at = range.end;
  }
  return shell + declaration.text.slice(at - declaration.range.start);
}

/** Equal but for white space. Comments count: they are knowledge too. */
export function sameCode(a: string, b: string): boolean {
  return a === b || folded(a) === folded(b);
}

function membersOf(declaration: Declaration, declarations: readonly Declaration[]): readonly Declaration[] {
  const { start, end } = declaration.range;
  return declarations.filter((other) => other !== declaration && other.range.start >= start && other.range.end <= end && other.text.length < declaration.text.length);
}

/** Indices of `after` that a line diff inserts. */
function added(before: readonly string[], after: readonly string[]): number[] {
  const found: number[] = [];
  let index = 0;
  // A diff that needs more edits than this is a rewrite.
  const parts = diffArrays([...before], [...after], { maxEditLength: 2_000 });
  if (parts === undefined) return after.map((_, line) => line);
  for (const part of parts) {
    if (part.removed) continue;
    if (part.added) for (let i = 0; i < part.value.length; i++) found.push(index + i);
    index += part.value.length;
  }
  return found;
}

/** Index of the last of these ascending numbers that is not above the limit. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
