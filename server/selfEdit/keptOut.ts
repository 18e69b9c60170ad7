// The probes and spans that measure an adapter, and the last guard before training: does a pair show what one of them asks?
// Invariant: `learning` trains no pair for which `leaks` gives a reason, whatever made the pair.
import { present } from '../base/assert.ts';
import type { Example } from '../base/prompt.ts';
import { folded } from '../base/folded.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration } from '../syntax/declaration.ts';
import { heldOutRanges } from '../syntax/heldOut.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import { codeStyleOf, codeTokens } from './codeTokens.ts';
import { isKeyword } from './commonNames.ts';

export interface KeptOut {
  readonly probes: readonly { readonly path: string; readonly example: Example }[];
  readonly spans: readonly { readonly path: string; readonly original: string; readonly example: Example }[];
}

export type Leak = 'probeAnswer' | 'probeLine' | 'spanText' | 'spanLine';

/**
 * Compared without comments and layout. A probe's answer may be in no answer, its whole line nowhere in a pair (a recipe may train on all
 * tokens); a span's text and each of its lines nowhere. Text that says nothing by itself (`true`, `return result;`, `}`) counts
 * only where the line around it is the same.
 */
export function leaks(pair: { readonly path: string; readonly example: Example }, keptOut: KeptOut): Leak | null {
  return leakCheck(keptOut)(pair);
}

/** The same with the probes prepared once, for many pairs. */
export function leakCheck(keptOut: KeptOut): (pair: { readonly path: string; readonly example: Example }) => Leak | null {
  const probes = keptOut.probes.map(({ path, example }) => ({ answer: distinctive(path, example.answer), line: distinctive(path, completedLines(example)), bare: bare(path, example) }));
  const spans = keptOut.spans.map(({ path, original, example }) => ({
    text: distinctive(path, original),
    lines: original.split('\n').map((line) => distinctive(path, line)).filter((line) => line !== null),
    line: distinctive(path, completedLines(example)),
    bare: bare(path, example),
  }));
  return (pair) => {
    const answer = normalisedCode(pair.path, pair.example.answer);
    // Normalised piece by piece: a quote that the window cut open must not swallow the next piece.
    const everything = [...textsOf(pair.example), completedLines(pair.example)].flatMap((text) => [normalisedCode(pair.path, text), ...text.split('\n').map((line) => normalisedCode(pair.path, line))]);
    const own = bare(pair.path, pair.example);
    const shows = (needle: string | null): boolean => needle !== null && everything.some((text) => contains(text, needle));
    for (const probe of probes) {
      if (probe.answer !== null && contains(answer, probe.answer)) return 'probeAnswer';
      if (shows(probe.line) || probe.bare === own) return 'probeLine';
    }
    for (const span of spans) {
      if (shows(span.text)) return 'spanText';
      if (shows(span.line) || span.lines.some(shows) || span.bare === own) return 'spanLine';
    }
    return null;
  };
}

/**
 * Ranges of a file that a pair's window leaves out so that it passes `leaks`: held-out declarations, spans, and the lines of probes. A telling
 * line is hidden in every file: the same import may stand in many.
 */
export function hiddenRanges(path: string, text: string, declarations: readonly Declaration[], keptOut: KeptOut): TextRange[] {
  const hidden = heldOutRanges(declarations);
  const lines = new Set<string>();
  const add = (item: { readonly path: string; readonly example: Example; readonly original?: string }): void => {
    for (const line of [completedLines(item.example), item.original ?? ''].flatMap((part) => part.split('\n'))) {
      if (item.path === path ? /[\p{L}\p{N}]/u.test(line) : distinctive(item.path, line) !== null) lines.add(folded(line));
    }
  };
  keptOut.probes.forEach(add);
  for (const span of keptOut.spans) {
    add(span);
    const start = span.path !== path || span.original === '' ? -1 : text.indexOf(span.original);
    if (start >= 0) hidden.push({ start, end: start + span.original.length });
  }
  let start = 0;
  for (const line of text.split('\n')) {
    if (lines.has(folded(line))) hidden.push({ start, end: start + line.length });
    start += line.length + 1;
  }
  return hidden;
}

/** The answer with what stands before and after it on its first and last line. */
export function completedLines(example: Example): string {
  const { prompt, answer } = example;
  if (prompt.kind !== 'fim') return answer;
  const before = prompt.prefix.slice(prompt.prefix.lastIndexOf('\n') + 1);
  const after = present(prompt.suffix.split('\n', 1)[0]);
  return `${before}${answer}${after}`;
}

function textsOf({ prompt, answer }: Example): string[] {
  switch (prompt.kind) {
    case 'fim':
      return [prompt.prefix, prompt.suffix, answer, ...prompt.context.map((snippet) => snippet.text)];
    case 'question':
      return [prompt.question, answer, ...(prompt.code === undefined ? [] : [prompt.code.text])];
    case 'selfEdit':
      return [prompt.before, prompt.after, answer];
  }
}

/** Normalised, or null where the text is too common to say anything: under two names of its own or under twelve characters. */
function distinctive(path: string, text: string): string | null {
  const normalised = normalisedCode(path, text);
  const names = new Set(codeTokens(text, codeStyleOf(path)).filter((token) => token.kind === 'string' || (token.kind === 'word' && !isKeyword(token.text))).map((token) => token.text));
  return names.size >= 2 && normalised.length >= 12 ? normalised : null;
}

/** Identity of a place and its answer, for texts that are not distinctive. */
function bare(path: string, example: Example): string {
  return `${path}\0${folded(completedLines(example))}\0${folded(example.answer)}`;
}

/** Whole words at both ends, so that `foo(1)` is not found in `xfoo(1)`. */
function contains(text: string, needle: string): boolean {
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!wordsMeet(text[at - 1], needle[0]) && !wordsMeet(needle.at(-1), text[at + needle.length])) return true;
  }
  return false;
}

function wordsMeet(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && /[\p{L}\p{N}_$]/u.test(left) && /[\p{L}\p{N}_$]/u.test(right);
}
