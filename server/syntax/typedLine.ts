// Lines that a change adds, as they are typed: the file still is as it was before, and the line stops where a developer would wait for help.
import { structuredPatch } from 'diff';
import { folded } from '../base/folded.ts';
import type { Random } from '../base/random.ts';
import type { TextRange } from '../base/textRange.ts';
import { lineStarts } from './lineStarts.ts';

export interface AddedLine {
  readonly text: string;
  /** Zero-based, in the file after the change. */
  readonly line: number;
  /** Where in the file before the change the line goes in (start of a line). */
  readonly offset: number;
}

export interface TypedLine {
  /** The file before the change with the start of the line in its place. */
  readonly text: string;
  /** The cursor in it. */
  readonly masked: TextRange;
  /** The rest of the line. */
  readonly answer: string;
}

/** A diff that needs more is a rewrite, and takes time with the square of it. */
const mostEdits = 2_000;

/** Shorter answers are closing brackets and the like. */
const shortestAnswer = 4;

/** None where the file was written anew: no line has a place in the file before. */
export function addedLines(before: string, after: string): AddedLine[] {
  if (before === '') return after.split('\n').map((text, line) => ({ text: text.replace(/\r$/, ''), line, offset: 0 }));
  const patch = structuredPatch('a', 'b', before, after, '', '', { context: 0, maxEditLength: mostEdits });
  const starts = lineStarts(before);
  return (patch?.hunks ?? []).flatMap(({ newStart, oldStart, lines }) =>
    lines
      .filter((entry) => entry.startsWith('+'))
      .map((entry, index) => ({ text: entry.slice(1).replace(/\r$/, ''), line: newStart - 1 + index, offset: starts[oldStart - 1] ?? before.length })),
  );
}

/** Null where no cut leaves an answer worth asking for. */
export function asTyped(before: string, { text, offset }: AddedLine, random: Random): TypedLine | null {
  const cut = cutOf(text, random);
  if (cut === null) return null;
  const typed = before.slice(0, offset) + text.slice(0, cut);
  return { text: `${typed}\n${before.slice(offset)}`, masked: { start: typed.length, end: typed.length }, answer: text.slice(cut) };
}

/** The lines of a tree, folded, to tell whether a line is new to it. */
export function knownLines(texts: Iterable<string>): Set<string> {
  const known = new Set<string>();
  for (const text of texts) for (const line of text.split('\n')) known.add(folded(line));
  return known;
}

/** New to the tree whose lines are known, and more than brackets. */
export function isNewLine(text: string, known: ReadonlySet<string>): boolean {
  return !known.has(folded(text)) && /[A-Za-z_]\w{2,}/.test(text);
}

/** After punctuation 10, at the end of an identifier 8, inside a word 1 (facts on replay evaluation of completion engines). */
function cutOf(line: string, random: Random): number | null {
  const indent = line.length - line.trimStart().length;
  const end = line.trimEnd().length;
  const weights: { readonly cut: number; readonly weight: number }[] = [];
  for (let cut = indent + 1; cut <= end - shortestAnswer; cut++) {
    const left = line[cut - 1] ?? '';
    const right = line[cut] ?? '';
    const weight = /[([{.,=<:!&|+'"`]/.test(left) ? 10 : /\w/.test(left) && !/\w/.test(right) ? 8 : /\w/.test(left) ? 1 : 0;
    if (weight > 0) weights.push({ cut, weight });
  }
  let point = random.next() * weights.reduce((sum, { weight }) => sum + weight, 0);
  for (const { cut, weight } of weights) {
    point -= weight;
    if (point < 0) return cut;
  }
  return null;
}
