// What `reward` needs of a language model; `LanguageModel` (server/languageModel) satisfies it, and so does a fake in tests.
import type { Generated, GenerateItem } from '../base/prompt.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Writes the text at masked places. */
export interface FillIn {
  generate(items: readonly GenerateItem[], options?: CallOptions): Promise<readonly Generated[]>;
}
