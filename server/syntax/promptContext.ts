// The one way to make a fill-in-the-middle prompt from a place in a file: completion, probes, spans and pairs all use it,
// because an adapter trained on one shape and asked in another loses more than it gained (Code2LoRA, 47.4 to 37.0).
import type { FimPrompt } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Syntax } from './syntax.ts';
import { contextSnippets } from './contextSnippets.ts';

export interface PromptShape {
  /** Prefix, suffix and context together. */
  readonly promptTokens: number;
  readonly prefixShare: number;
  readonly suffixShare: number;
}

/**
 * Shares as completion engines of the field use them (prefix 60 %, suffix 10-15 %, context the rest). The total is small because every
 * pair of a commit pays for it in every epoch, and training packs segments into rows of 512 tokens.
 */
export const servingShape: PromptShape = { promptTokens: 256, prefixShare: 0.6, suffixShare: 0.1 };

export interface PromptTools {
  readonly syntax: Pick<Syntax, 'imports' | 'declarations'>;
  readonly countTokens: (text: string) => number;
  readonly shape: PromptShape;
}

export interface PromptRequest {
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  /** What the model is to write; empty at a cursor. */
  readonly masked: TextRange;
  /** Another file of the same tree, by path. */
  readonly textOf: (path: string) => string | undefined;
  /** Ranges of the file that may not be shown (held-out declarations, spans); whole lines of them are left out. */
  readonly hidden?: readonly TextRange[];
  /** The same of other files: what lies there is named by its signature only. */
  readonly hiddenIn?: (path: string) => readonly TextRange[];
}

export function fimPrompt(request: PromptRequest, tools: PromptTools): FimPrompt {
  const { shape, countTokens } = tools;
  const hidden = request.hidden ?? [];
  const prefix = newestLines(withoutRanges(request.text, { start: 0, end: request.masked.start }, hidden), shape.promptTokens * shape.prefixShare, countTokens);
  const suffix = firstLines(withoutRanges(request.text, { start: request.masked.end, end: request.text.length }, hidden), shape.promptTokens * shape.suffixShare, countTokens);
  // What a short file leaves unused goes to the context.
  const budgetTokens = shape.promptTokens - countTokens(prefix) - countTokens(suffix);
  const context = contextSnippets(request, { ...tools, budgetTokens });
  return { kind: 'fim', repository: request.repository, path: request.path, prefix, suffix, context };
}

/** The end of the text, whole lines where it had to be cut, in at most so many tokens. */
function newestLines(text: string, budgetTokens: number, countTokens: (text: string) => number): string {
  let start = text.length;
  let tokens = 0;
  while (start > 0) {
    // lastIndexOf takes a negative start for 0, where a text that begins with a newline would stop this loop from ending.
    const lineStart = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
    tokens += countTokens(text.slice(lineStart, start));
    // The line of the cursor stays, however long: without it there is nothing to complete. It is bounded in characters instead.
    if (tokens > budgetTokens) return start === text.length ? text.slice(Math.max(lineStart, start - longestLine)) : text.slice(start);
    start = lineStart;
  }
  return text;
}

function firstLines(text: string, budgetTokens: number, countTokens: (text: string) => number): string {
  let end = 0;
  let tokens = 0;
  while (end < text.length) {
    const newline = text.indexOf('\n', end);
    const lineEnd = newline === -1 ? text.length : newline + 1;
    tokens += countTokens(text.slice(end, lineEnd));
    if (tokens > budgetTokens) return end === 0 ? text.slice(0, Math.min(lineEnd, longestLine)) : text.slice(0, end).replace(/\r?\n$/, '');
    end = lineEnd;
  }
  return text;
}

const longestLine = 400;

/** The window without the lines that ranges inside it touch. */
export function withoutRanges(text: string, window: TextRange, ranges: readonly TextRange[]): string {
  let result = '';
  let position = window.start;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.end <= window.start || range.start >= window.end) continue;
    const lineStart = range.start === 0 ? 0 : text.lastIndexOf('\n', range.start - 1) + 1;
    const newline = text.indexOf('\n', range.end);
    const lineEnd = newline === -1 ? text.length : newline + 1;
    const start = Math.max(lineStart, window.start);
    const end = Math.min(lineEnd, window.end);
    if (end <= position) continue;
    result += text.slice(position, Math.max(position, start));
    position = end;
  }
  return result + text.slice(position, window.end);
}
