// Holds the beginning of a prompt in place while the user types. What `fimPrompt` shows slides by a line whenever the budget is full, and the
// context before it changes with every name: either would make the engine read the whole prompt again at that key. Held, only the end is
// read. Invariant: a held prompt has at most the tokens of a fresh one, in the same shape.
import type { ContextSnippet, FimPrompt } from '../base/prompt.ts';

export interface Anchor {
  /** Where in the file the shown prefix begins. */
  readonly start: number;
  readonly line: number;
  readonly context: readonly ContextSnippet[];
}

export interface FreshPrompt {
  /** With as much prefix as the budget allows; its context is not looked at. */
  readonly prompt: FimPrompt;
  readonly text: string;
  readonly offset: number;
  /** Zero-based line of the cursor. */
  readonly line: number;
}

/** A new window leaves so much of the prefix's room to grow into. */
const filledShare = 0.75;
/** Context is chosen anew after so many lines, or where the window moves. */
const contextLines = 3;

export function anchoredPrompt(
  held: Anchor | null,
  { prompt, text, offset, line }: FreshPrompt,
  { freshContext, countTokens }: { readonly freshContext: () => readonly ContextSnippet[]; readonly countTokens: (text: string) => number },
): { prompt: FimPrompt; anchor: Anchor } {
  const freshStart = offset - prompt.prefix.length;
  const holds = held !== null && held.start >= freshStart && held.start < offset && offset - held.start >= (offset - freshStart) / 3 && line >= held.line && (held.start === 0 || text[held.start - 1] === '\n');
  const start = holds ? held.start : roomyStart(text, freshStart, offset, countTokens);
  const context = holds && line - held.line < contextLines ? held.context : freshContext();
  const anchorLine = holds && context === held.context ? held.line : line;
  return { prompt: { ...prompt, prefix: text.slice(start, offset), context }, anchor: { start, line: anchorLine, context } };
}

/** The first line from which on the prefix fills only a part of what fits; a file that is shown from its beginning stays so. */
function roomyStart(text: string, freshStart: number, offset: number, countTokens: (text: string) => number): number {
  if (freshStart === 0) return 0;
  const most = countTokens(text.slice(freshStart, offset)) * filledShare;
  let start = freshStart;
  for (let next = text.indexOf('\n', start) + 1; next > 0 && next < offset && countTokens(text.slice(start, offset)) > most; next = text.indexOf('\n', start) + 1) start = next;
  return start;
}
