// Cut points on changed code where people stop typing: after punctuation, at the end of an identifier, at the end of a line; the middle is
// the rest of the line, whole lines, a block or a body.
import type { Random } from '../base/random.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration } from '../syntax/declaration.ts';
import type { Site } from './site.ts';
import type { ParsedTree } from './parsedTree.ts';

/** Longer middles are not served as one suggestion. */
const longestMiddle = 600;
const shortestMiddle = 4;

/** How often people stop there (replay evaluations of completion engines): after punctuation 10, end of identifier 8, mid-word 1. */
const cutWeights = { punctuation: 10, wordEnd: 8, middleOfWord: 1, lineStart: 10 } as const;

export interface ChangedCode {
  readonly path: string;
  /** Zero-based. */
  readonly lines: readonly number[];
  readonly declaration: Declaration | null;
}

export function fimSites(code: ChangedCode, tree: ParsedTree, random: Random): Site[] {
  const text = tree.textOf(code.path);
  if (text === undefined) return [];
  const site = (masked: TextRange): Site => ({ form: 'fim', path: code.path, masked, declaration: code.declaration?.qualifiedName ?? '' });
  const ranges = lineRanges(text);
  const lines = code.lines.flatMap((line) => (ranges[line] === undefined || !saysSomething(text, ranges[line]) ? [] : [{ line, range: ranges[line] }]));
  const restOfLine = (): Site[] => random.shuffled(lines).map(({ range }) => site({ start: drawCut(text, range, random), end: range.end }));
  const severalLines = random.shuffled(lines).flatMap(({ line, range }) => {
    const last = Math.min(line + 1 + random.int(3), ranges.length - 1);
    const end = ranges[last]?.end ?? range.end;
    return lines.some((other) => other.line === line + 1) ? [site({ start: indentEnd(text, range), end })] : [];
  });
  const wholes = code.declaration === null ? [] : changedWholes(code, text, tree).map(site);
  // A whole body says most per token, then single lines; several rounds of cuts are different questions about the same line.
  return dedupe([...interleave([wholes, restOfLine(), severalLines]), ...restOfLine(), ...restOfLine()])
    .filter(({ masked }) => masked.end - masked.start <= longestMiddle && text.slice(masked.start, masked.end).trim().length >= shortestMiddle);
}

/** Blocks and the body that contain a changed line. */
function changedWholes(code: ChangedCode, text: string, tree: ParsedTree): TextRange[] {
  if (code.declaration === null) return [];
  const starts = lineRanges(text);
  const { blocks, body } = tree.tools.syntax.maskable(code.path, text, code.declaration);
  const wholes = [...(body === null ? [] : [body]), ...blocks];
  return wholes.filter((whole) => code.lines.some((line) => starts[line] !== undefined && starts[line].start < whole.end && whole.start < starts[line].end));
}

export function lineRanges(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + (line.endsWith('\r') ? line.length - 1 : line.length);
    ranges.push({ start, end });
    start += line.length + 1;
  }
  return ranges;
}

function indentEnd(text: string, line: TextRange): number {
  return line.start + (text.slice(line.start, line.end).match(/^\s*/)?.[0].length ?? 0);
}

function saysSomething(text: string, line: TextRange): boolean {
  return (text.slice(line.start, line.end).match(/[\p{L}\p{N}_$]+/gu)?.length ?? 0) >= 2;
}

/** A place in the line, weighted as people pause; at least `shortestMiddle` characters are left to write. */
function drawCut(text: string, line: TextRange, random: Random): number {
  const first = indentEnd(text, line);
  const cuts: { at: number; weight: number }[] = [{ at: first, weight: cutWeights.lineStart }];
  for (let at = first + 1; at <= line.end - shortestMiddle; at++) {
    const left = text[at - 1] ?? '';
    const right = text[at] ?? '';
    const isWord = /[\p{L}\p{N}_$]/u;
    if (isWord.test(left)) cuts.push({ at, weight: isWord.test(right) ? cutWeights.middleOfWord : cutWeights.wordEnd });
    // After `, ` and `= ` people have typed the space too.
    else if (/[([{.,=:<&|!>]/.test(left) && right !== ' ' && right !== '=') cuts.push({ at, weight: cutWeights.punctuation });
    else if (left === ' ' && /[,=:&|>{(]/.test(text[at - 2] ?? '')) cuts.push({ at, weight: cutWeights.punctuation });
  }
  let ticket = random.next() * cuts.reduce((sum, { weight }) => sum + weight, 0);
  for (const { at, weight } of cuts) {
    ticket -= weight;
    if (ticket <= 0) return at;
  }
  return first;
}

export function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => (index < list.length ? [list[index] as T] : []))).flat();
}

function dedupe(sites: readonly Site[]): Site[] {
  const seen = new Set<string>();
  return sites.filter(({ masked }) => {
    const key = `${masked.start}:${masked.end}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
