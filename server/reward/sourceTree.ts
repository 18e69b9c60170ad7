// The tree after a commit, as far as the reward reads it: text by path, and how a prompt is made at a place in it.
import type { FimPrompt } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';

export interface SourceTree {
  readonly repository: string;
  readonly commit: string;
  /** Object name of the tree. */
  readonly tree: string;
  /** Source files that may be read (those that `filters` left out are not here). */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Makes the prompt for a place, by the same builder as serving (`fimPrompt` in server/syntax/promptContext.ts with the composition's
 * tools), so that what is measured is what is served.
 */
export type PromptAt = (place: { readonly path: string; readonly text: string; readonly masked: TextRange }) => FimPrompt;

/** Does any pair show this code? `learning` answers from the pairs of all candidates and of the replay. */
export type InPair = (normalisedText: string) => boolean;
