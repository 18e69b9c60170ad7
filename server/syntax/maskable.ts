// What can be masked inside a declaration, from grammars/<language>/maskable.scm.
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration } from './declaration.ts';
import type { Parsed } from './parsers.ts';
import type { Maskable } from './syntax.ts';

/** Only what lies in the declaration's body; nothing that holds a parse error. */
export function maskableOf({ root, text, captures }: Parsed, declaration: Declaration): Maskable {
  const body = declaration.body;
  if (body === undefined) return { expressions: [], lines: [], blocks: [], body: null };
  const expressions = new Map<string, TextRange>();
  const lines = new Map<string, TextRange>();
  const blocks = new Map<string, TextRange>();
  // The smallest node around the body, not the query's own range: web-tree-sitter 0.27 takes that range in bytes, not in UTF-16 units.
  const around = root.descendantForIndex(body.start, Math.max(body.start, body.end - 1));
  const found = around === null ? [] : captures('maskable', around);
  for (const { name, node } of found) {
    if (node.startIndex < body.start || node.endIndex > body.end || node.hasError) continue;
    const range = name === 'block' ? trimmed(text, insideBraces(node)) : { start: node.startIndex, end: node.endIndex };
    if (range === null) continue;
    if (name === 'expression' && !isTrivial(node)) expressions.set(keyOf(range), range);
    if (name === 'statement' && node.startPosition.row === node.endPosition.row) lines.set(keyOf(range), range);
    if (name === 'block') blocks.set(keyOf(range), range);
  }
  return { expressions: inOrder(expressions), lines: inOrder(lines), blocks: inOrder(blocks), body: trimmed(text, body) };
}

/** A lone name or literal says too little to be worth a test run. */
function isTrivial(node: Node): boolean {
  return node.namedChildCount === 0 || /^(?:comment|string|statement_block|block)$/.test(node.type);
}

function insideBraces(node: Node): TextRange {
  return node.firstChild?.type === '{' ? { start: node.startIndex + 1, end: node.endIndex - 1 } : { start: node.startIndex, end: node.endIndex };
}

/** Null when nothing but white space is left. */
function trimmed(text: string, range: TextRange): TextRange | null {
  const inner = text.slice(range.start, range.end);
  const start = range.start + (inner.length - inner.trimStart().length);
  const end = start + inner.trim().length;
  return start < end ? { start, end } : null;
}

function keyOf(range: TextRange): string {
  return `${range.start}-${range.end}`;
}

function inOrder(ranges: ReadonlyMap<string, TextRange>): TextRange[] {
  return [...ranges.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}
