// What is asked for a completion and what is answered, as values.
import type { TextRange } from '../base/textRange.ts';
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

export function none(reason: NoSuggestionReason): NoSuggestion {
  return { kind: 'none', reason };
}
