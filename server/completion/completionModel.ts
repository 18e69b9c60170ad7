// The model that completion wants; the language model over an engine process is one. Handles are of that process.
import type { Generated, GenerateItem } from '../base/prompt.ts';

export interface CompletionModel {
  readonly info: { readonly hash: string };
  /** Rejects with `Cancelled` when the signal aborts, which frees the engine within one token. */
  generate(items: readonly GenerateItem[], options?: { readonly priority?: 'completion' | 'learning'; readonly signal?: AbortSignal }): Promise<Generated[]>;
  countTokens(text: string): number;
}
