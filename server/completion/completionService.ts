// Completions at a cursor for all repositories of a window: what the language server asks, and nothing of LSP. Owns the cache, the request in
// flight and what became of the suggestions; everything that decides is in pure files beside this one.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { AdapterHandle } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';
import { servingShape, type PromptTools } from '../syntax/promptContext.ts';
import { complete } from './complete.ts';
import type { CompletionModel } from './completionModel.ts';
import type { CompletionSettings } from './completionSettings.ts';
import type { FeedbackRecord, Surprise } from './feedbackRecord.ts';
import type { NoSuggestionReason } from './noSuggestion.ts';

export interface CompletionDocument {
  readonly uri: string;
  /** Relative to the repository (or folder), with forward slashes. */
  readonly path: string;
  /** The repository's name as prompts know it. */
  readonly repository: string;
  /** The root of the working tree: which repository it is, where two have one name. */
  readonly folder: string;
  readonly text: string;
  readonly version: number;
  readonly languageId: string;
}

export interface CompletionRequest {
  readonly document: CompletionDocument;
  /** UTF-16 offset of the cursor. */
  readonly offset: number;
  readonly trigger: 'automatic' | 'invoked';
  /** The suggest widget's selected item: what is suggested must begin with its text in its range. */
  readonly selected?: { readonly text: string; readonly start: number; readonly end: number };
  /** Another file of the repository by its path: an open document, else the working tree's or HEAD's text. Called many times per request. */
  readonly textOf: (path: string) => string | undefined;
}

export interface Suggestion {
  readonly kind: 'suggestion';
  readonly id: string;
  readonly text: string;
  /** What it replaces, in offsets of the document's text; on the cursor's line. */
  readonly range: TextRange;
  /** Null: the base model. */
  readonly version: string | null;
  /** 0 to 1, calibrated: the share of suggestions like this one that were right. */
  readonly confidence: number;
  readonly source: 'model' | 'cache' | 'typedThrough' | 'stream';
}

export interface NoSuggestion {
  readonly kind: 'none';
  readonly reason: NoSuggestionReason;
}

export type CompletionOutcome = Suggestion | NoSuggestion;

/** What `explain` knows of a suggestion; which pairs are nearest to it is the version store's to say. */
export interface ExplainedSuggestion {
  readonly id: string;
  readonly folder: string;
  readonly path: string;
  readonly version: string | null;
  readonly confidence: number;
  readonly text: string;
  /** The line before the cursor and the suggestion: what is compared with pairs. */
  readonly line: string;
}

export interface CompletionParts {
  /** Null while there is no model. */
  readonly model: () => CompletionModel | null;
  readonly syntax: PromptTools['syntax'];
  readonly clock: Clock;
  readonly settings: () => CompletionSettings;
  readonly onFeedback: (record: FeedbackRecord) => void;
  readonly onSurprise: (surprise: Surprise) => void;
  /** Operating failures of the model, once per request that suffered. */
  readonly onFailure: (error: unknown) => void;
}

export interface CompletionService {
  /** Never rejects: a failure is a reason. The newest request of a window takes the place of the one before. */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<CompletionOutcome>;
  /** An open document's new state, also when it is first opened; recent edits and kept suggestions are read off the differences. */
  edited(document: CompletionDocument): void;
  closed(uri: string): void;
  /** Serves the repository's next requests with this version; suggestions and keys of the former are dropped. */
  setActive(folder: string, active: { readonly version: string | null; readonly adapter: AdapterHandle }): void;
  shown(id: string): void;
  accepted(id: string): void;
  /** `length`: UTF-16 units from the start of the text. */
  partlyAccepted(id: string, length: number): void;
  /** Null: the last suggestion that was shown. */
  explain(id: string | null): ExplainedSuggestion | null;
  dispose(): void;
}

export function createCompletionService(parts: CompletionParts): CompletionService {
  const active = new Map<string, { readonly version: string | null; readonly adapter: AdapterHandle }>();
  const made = new Map<string, ExplainedSuggestion>();
  let inFlight = new AbortController();
  let last: string | null = null;
  let count = 0;

  return {
    async complete({ document, offset, trigger, textOf }, signal) {
      inFlight.abort();
      const own = new AbortController();
      inFlight = own;
      signal?.addEventListener('abort', () => own.abort(), { once: true });
      const model = parts.model();
      if (model === null) return { kind: 'none', reason: 'modelNotReady' };
      const settings = parts.settings();
      if (trigger === 'automatic' && !settings.automatic) return { kind: 'none', reason: 'automaticOff' };
      const { version, adapter } = active.get(document.folder) ?? { version: null, adapter: null };
      try {
        const tools = { syntax: parts.syntax, countTokens: (text: string) => model.countTokens(text), shape: servingShape };
        const { repository, path, text } = document;
        const found = await complete(model, { repository, path, text, offset, textOf, adapter, multiline: settings.multiline, signal: own.signal }, tools);
        if (found.kind === 'none') return found;
        const suggestion = { kind: 'suggestion', id: `c${++count}`, text: found.text, range: { start: offset, end: offset }, version, confidence: Math.exp(found.meanLogProbability), source: 'model' } as const;
        made.set(suggestion.id, { id: suggestion.id, folder: document.folder, path, version, confidence: suggestion.confidence, text: found.text, line: text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset) + found.text });
        return suggestion;
      } catch (error) {
        if (error instanceof Cancelled) return { kind: 'none', reason: signal?.aborted ? 'cancelled' : 'superseded' };
        parts.onFailure(error);
        return { kind: 'none', reason: 'modelFailed' };
      }
    },
    edited: () => {},
    closed: () => {},
    setActive: (folder, next) => void active.set(folder, next),
    shown: (id) => void (last = id),
    accepted: () => {},
    partlyAccepted: () => {},
    explain: (id) => made.get(id ?? last ?? '') ?? null,
    dispose: () => inFlight.abort(),
  };
}
