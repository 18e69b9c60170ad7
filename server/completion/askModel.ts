// One question to the model about one place: its own text and its judgement of the draft, in one request that reads the prompt once.
import { present } from '../base/assert.ts';
import type { AdapterHandle, FimPrompt } from '../base/prompt.ts';
import type { CompletionModel } from './completionModel.ts';
import { candidatesOf, judgedTokens, type Material } from './candidates.ts';
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
  const { place, minimumConfidence } = question;
  const material = await askForMaterial(model, question, hopelessBelow(minimumConfidence));
  const candidates = candidatesOf(material);
  let reason: NoSuggestionReason | undefined;
  for (const { candidate, confidence } of sureCandidates(candidates, minimumConfidence)) {
    const filtered = postFilter(candidate.text, place);
    if ('text' in filtered) return { kind: 'text', text: filtered.text, confidence, writtenBy: candidate.kind.startsWith('written') ? 'model' : 'repetition' };
    reason ??= filtered.reason;
  }
  const best = Math.max(0, ...candidates.map((candidate) => confidenceOf(candidate)));
  return { kind: 'none', reason: reason ?? (candidates.length > 0 ? 'unsure' : whyNoCandidate(material.own.text)), confidence: best };
}

/** `leastLogProbability`: nats at which the model's own text is given up; null: never. */
export async function askForMaterial(model: Pick<CompletionModel, 'generate'>, question: Omit<Question, 'minimumConfidence' | 'place'>, leastLogProbability: number | null): Promise<Material> {
  const { prompt, draft, adapter, multiline, signal } = question;
  const item = { prompt, adapter, temperature: 0, seed: 0 };
  const own = { ...item, maxTokens: multiline ? blockTokens : lineTokens, ...(multiline ? {} : { stop: ['\n'] }), ...(leastLogProbability === null ? {} : { leastLogProbability }) };
  const drafted = draft?.cuts.at(-1)?.text;
  const [written, judged] = await model.generate([own, ...(drafted === undefined ? [] : [{ ...item, maxTokens: judgedTokens, draft: drafted }])], { priority: 'completion', signal });
  return { own: present(written), draft, judged };
}

function whyNoCandidate(text: string): NoSuggestionReason {
  return text.trim() === '' ? 'blank' : 'tooShort';
}
