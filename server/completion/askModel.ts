// One question to the model about one place: its own text and its judgement of the draft, in one request that reads the prompt once.
import type { AdapterHandle, FimPrompt } from '../base/prompt.ts';
import type { CompletionModel } from './completionModel.ts';
import { candidatesOf, judgedTokens } from './candidates.ts';
import { sureCandidates } from './chooseCandidate.ts';
import { confidenceOf, hopelessBelow, type MinimumConfidence } from './confidence.ts';
import { postFilter } from './filters/postFilters.ts';
import type { FilteredPlace } from './filters/postFilter.ts';
import type { NoSuggestionReason } from './noSuggestion.ts';
import type { Draft } from './repeatedCode.ts';

export interface Question {
  readonly prompt: FimPrompt;
  readonly place: FilteredPlace;
  readonly draft: Draft | null;
  readonly adapter: AdapterHandle;
  readonly multiline: boolean;
  readonly minimumConfidence: MinimumConfidence;
  readonly signal: AbortSignal;
}

export type Answer =
  | { readonly kind: 'text'; readonly text: string; readonly confidence: number; readonly writtenBy: 'model' | 'repetition' }
  | { readonly kind: 'none'; readonly reason: NoSuggestionReason; /** Of the best candidate. */ readonly confidence: number };

/** Figures of the field are 20 tokens for a line and 200 for more. */
const lineTokens = 24;
const blockTokens = 200;

export async function askModel(model: Pick<CompletionModel, 'generate'>, question: Question): Promise<Answer> {
  const { prompt, place, draft, adapter, multiline, minimumConfidence, signal } = question;
  const least = hopelessBelow(minimumConfidence);
  const item = { prompt, adapter, temperature: 0, seed: 0 };
  const own = { ...item, maxTokens: multiline ? blockTokens : lineTokens, ...(multiline ? {} : { stop: ['\n'] }), ...(least === null ? {} : { leastLogProbability: least }) };
  const drafted = draft?.cuts.at(-1)?.text;
  const [written, judged] = await model.generate([own, ...(drafted === undefined ? [] : [{ ...item, maxTokens: judgedTokens, draft: drafted }])], { priority: 'completion', signal });
  if (written === undefined) return { kind: 'none', reason: 'blank', confidence: 0 };
  const candidates = candidatesOf({ own: written, draft, judged });
  const sure = sureCandidates(candidates, minimumConfidence);
  let reason: NoSuggestionReason | undefined;
  for (const { candidate, confidence } of sure) {
    const filtered = postFilter(candidate.text, place);
    if ('text' in filtered) return { kind: 'text', text: filtered.text, confidence, writtenBy: candidate.kind.startsWith('written') ? 'model' : 'repetition' };
    reason ??= filtered.reason;
  }
  const best = Math.max(0, ...candidates.map((candidate) => confidenceOf(candidate)));
  return { kind: 'none', reason: reason ?? (candidates.length > 0 ? 'unsure' : whyNoCandidate(written.text)), confidence: best };
}

function whyNoCandidate(text: string): NoSuggestionReason {
  return text.trim() === '' ? 'blank' : 'tooShort';
}
