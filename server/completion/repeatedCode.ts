// Code repeats itself: what followed the longest stretches of open code that end as the text before the cursor does. The draft found so is
// not a suggestion yet, the model judges it under the active version. Lazily extended suffix matching as in infini-gram (Liu et al. 2024).
import { lexicalTokens } from './lexicalTokens.ts';

export interface DraftCut {
  readonly text: string;
  /** Product of the shares of matches that agreed, discounted where the match is short: a feature, not a probability. */
  readonly agreement: number;
}

export interface Draft {
  /** After each token of the draft, first to last. */
  readonly cuts: readonly DraftCut[];
  /** The agreement that the line ends after the last of them; null where the draft was given up before. */
  readonly lineEndAgreement: number | null;
  /** Tokens before the cursor that the best match shares. */
  readonly matchLength: number;
  /** Part of a name that stands before the cursor. */
  readonly partialLength: number;
}

export interface DraftSources {
  /** Text of this file before and after the cursor, the rest of its line left out. */
  readonly before: string;
  readonly after: string;
  /** Other open code, tokens as `lexicalTokens` gives them. */
  readonly others: readonly (readonly string[])[];
}

const longestMatch = 12;
const shortestMatch = 2;
/** A name of which two characters stand there may be completed without any context. */
const shortestPartial = 2;
/** Matches so much shorter than the longest still have a voice, a third for each token that they are shorter. */
const shorterBy = 3;
const longestDraft = 24;
/** Characters of this file that are searched: reading them anew at each key takes 1 ms per 15,000. */
const farBefore = 32_000;
const farAfter = 16_000;
const leastAgreement = 0.05;

export function draftFromRepetition({ before, after, others }: DraftSources): Draft | null {
  const own = lexicalTokens(linesNear(before.slice(-farBefore), before.length));
  const partial = /^[\p{L}_$]/u.test(own.at(-1) ?? '') ? (own.pop() ?? '') : '';
  const matches = [...matchesIn(own, own, partial, 2), ...matchesIn(lexicalTokens(after.slice(0, farAfter)), own, partial, 2), ...others.flatMap((tokens) => matchesIn(tokens, own, partial, 1))];
  const matchLength = matches.reduce((longest, match) => Math.max(longest, match.length), -1);
  if (matchLength < 0) return null;
  let live = matches.filter(({ length }) => length >= matchLength - shorterBy).map((match) => ({ ...match, weight: match.weight * 3 ** (match.length - matchLength) }));
  const doubt = 0.5 * 0.6 ** matchLength;
  const cuts: DraftCut[] = [];
  let text = '';
  let agreement = 1;
  let lineEndAgreement: number | null = null;
  for (let step = 0; step < longestDraft && live.length > 0; step++) {
    const { token, weight, total } = favourite(live, step);
    agreement *= weight / (total + doubt);
    if (token === '\n') lineEndAgreement = agreement;
    if (token === '\n' || agreement < leastAgreement) break;
    live = live.filter((match) => match.tokens[match.at + step] === token);
    text += step === 0 ? token.slice(partial.length) : token;
    cuts.push({ text, agreement });
  }
  return cuts.length === 0 ? null : { cuts, lineEndAgreement, matchLength, partialLength: partial.length };
}

/** Without the first line where that was cut. */
function linesNear(end: string, wholeLength: number): string {
  return end.length === wholeLength ? end : end.slice(end.indexOf('\n') + 1);
}

interface Match {
  readonly tokens: readonly string[];
  /** The token that would follow the cursor. */
  readonly at: number;
  readonly length: number;
  readonly weight: number;
}

function matchesIn(tokens: readonly string[], context: readonly string[], partial: string, weight: number): Match[] {
  const found: Match[] = [];
  const last = context.at(-1);
  for (let at = 0; at < tokens.length; at++) {
    if (partial === '' ? kindOf(tokens[at - 1]) !== kindOf(last) : tokens[at]?.startsWith(partial) !== true) continue;
    let length = 0;
    while (length < longestMatch && at > length && kindOf(tokens[at - 1 - length]) === kindOf(context[context.length - 1 - length])) length++;
    if (length >= shortestMatch || partial.length >= shortestPartial) found.push({ tokens, at, length, weight });
  }
  return found;
}

function favourite(live: readonly Match[], step: number): { token: string; weight: number; total: number } {
  const votes = new Map<string, number>();
  let total = 0;
  for (const { tokens, at, weight } of live) {
    const token = kindOf(tokens[at + step]) ?? '\n';
    votes.set(token, (votes.get(token) ?? 0) + weight);
    total += weight;
  }
  let best = { token: '\n', weight: 0 };
  for (const [token, weight] of votes) if (weight > best.weight) best = { token, weight };
  return { ...best, total };
}

/** New lines are alike however the next line is indented. */
function kindOf(token: string | undefined): string | undefined {
  return token !== undefined && /^\r?\n/.test(token) ? '\n' : token;
}
