// Reads calls in code by their brackets: where the arguments of a call begin and end. Lexical, so that it also works in the middle of
// broken code; strings, templates, comments are skipped, regular expressions with brackets in them are not understood.
import type { TextRange } from '../base/textRange.ts';

/** Ranges of the arguments, without surrounding white space, of the call whose `(` is at `open`; null when it never closes. */
export function callArguments(text: string, open: number): { readonly arguments: readonly TextRange[]; readonly end: number } | null {
  const found: TextRange[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"' || character === "'" || character === '`') {
      at = endOfQuoted(text, at);
    } else if (text.startsWith('//', at)) {
      const newline = text.indexOf('\n', at);
      if (newline < 0) return null;
      at = newline;
    } else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) return null;
      at = close + 1;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) {
      depth--;
      if (depth > 0) continue;
      const last = trimmed(text, start, at);
      if (last !== null) found.push(last);
      return { arguments: found, end: at + 1 };
    } else if (character === ',' && depth === 1) {
      const argument = trimmed(text, start, at);
      if (argument !== null) found.push(argument);
      start = at + 1;
    }
  }
  return null;
}

/** The index of the closing quote (or of the last character). */
function endOfQuoted(text: string, at: number): number {
  const quote = text[at];
  let end = at + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  return Math.min(end, text.length - 1);
}

function trimmed(text: string, start: number, end: number): TextRange | null {
  const inner = text.slice(start, end);
  const from = start + (inner.length - inner.trimStart().length);
  const to = from + inner.trim().length;
  return from < to ? { start: from, end: to } : null;
}
