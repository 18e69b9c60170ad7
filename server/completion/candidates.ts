// What could be suggested at a place, each with the figures by which its confidence is told: the model's own text and the draft from
// repeated code, as far as a whole line and up to each end of a word before that.
import { present } from '../base/assert.ts';
import type { Generated } from '../base/prompt.ts';
import type { Draft } from './repeatedCode.ts';

export interface Candidate {
  /** Without white space at its end. */
  readonly text: string;
  readonly kind: CandidateKind;
  /** In the order of `featureNames` of its kind. */
  readonly features: readonly number[];
}

export type CandidateKind = 'writtenLine' | 'writtenPart' | 'repeatedLine' | 'repeatedPart';

const written = ['logOdds', 'tokens', 'draftAgrees'] as const;
const repeated = ['logAgreement', 'logOdds', 'matchLength', 'completesName', 'tokens', 'modelAgrees', 'endsStatement'] as const;
export const featureNames: Readonly<Record<CandidateKind, readonly string[]>> = { writtenLine: written, writtenPart: written, repeatedLine: repeated, repeatedPart: repeated };

/** So many tokens of a draft are judged: the first ones tell whether the model goes along, and each costs a run. */
export const judgedTokens = 8;
const leastCharacters = 4;
/** Less likely than this, or more, is all the same. */
const oddsBounds = { written: { least: -8, most: 5 }, judged: { least: -12, most: 5 } };

export interface Material {
  /** What the model wrote by itself. */
  readonly own: Generated;
  readonly draft: Draft | null;
  /** The draft as the model judged it. */
  readonly judged: Generated | undefined;
}

export function candidatesOf(material: Material): Candidate[] {
  return [...writtenCandidates(material), ...repeatedCandidates(material)].filter(({ text }) => text.trim().length >= leastCharacters);
}

function writtenCandidates({ own, draft }: Material): Candidate[] {
  const steps = own.steps ?? [];
  const candidates: Candidate[] = [];
  let sum = 0;
  for (const [index, { logProbability, length }] of steps.entries()) {
    sum += logProbability;
    const isLast = index === steps.length - 1;
    const text = isLast ? own.text : own.text.slice(0, length);
    const wholeLine = isLast && (own.finish === 'stop' || own.finish === 'endOfText');
    const whole = wholeLine || own.text[text.length] === '\n';
    if (!whole && (text.includes('\n') || !endsWord(own.text, text.length))) continue;
    const features = [logOdds(sum, oddsBounds.written), Math.log(index + 1), Number(draft !== null && agree(text, present(draft.cuts.at(-1)).text))];
    candidates.push({ text: text.trimEnd(), kind: whole ? 'writtenLine' : 'writtenPart', features });
  }
  return candidates;
}

function repeatedCandidates({ own, draft, judged }: Material): Candidate[] {
  if (draft === null) return [];
  const steps = judged?.steps ?? [];
  const figures = (text: string, agreement: number, tokens: number): number[] => {
    const judgedUpTo = steps.findIndex(({ length }) => length >= text.length);
    const sum = steps.slice(0, judgedUpTo === -1 ? steps.length : judgedUpTo + 1).reduce((total, { logProbability }) => total + logProbability, 0);
    const endsStatement = /[;{,)\]}]$/.test(text);
    return [Math.log(agreement), logOdds(sum, oddsBounds.judged), draft.matchLength / 12, Number(draft.partialLength > 0), Math.log(tokens + 1), Number(agree(own.text, text)), Number(endsStatement)];
  };
  const parts = draft.cuts.map(({ text, agreement }, index): Candidate => ({ text: text.trimEnd(), kind: 'repeatedPart', features: figures(text.trimEnd(), agreement, index + 1) }));
  const last = parts.at(-1);
  if (draft.lineEndAgreement === null || last === undefined) return parts;
  return [...parts.slice(0, -1), { text: last.text, kind: 'repeatedLine', features: figures(last.text, draft.lineEndAgreement, draft.cuts.length) }];
}

/**
 * Of a text's probability. Not the log-probability itself: that ends at 0 for the surest of texts, and no curve fitted to a base model that is
 * seldom sure would say what to think of an adapter that is.
 */
export function logOdds(logProbability: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(most, Math.max(least, logProbability - Math.log(Math.max(1e-9, -Math.expm1(logProbability)))));
}

function endsWord(text: string, at: number): boolean {
  return !/[\p{L}\p{N}_$]/u.test(text[at - 1] ?? '') || !/[\p{L}\p{N}_$]/u.test(text[at] ?? '');
}

/** Whether one begins as the other does, over three characters or more. */
function agree(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= 3 && a.slice(0, length) === b.slice(0, length);
}
