// What a post-filter sees and says: the text it lets through, maybe shortened, or the reason why there is none.
import type { NoSuggestionReason } from '../noSuggestion.ts';

export interface FilteredPlace {
  /** Text before and after the cursor. */
  readonly prefix: string;
  readonly suffix: string;
}

export type Filtered = { readonly text: string } | { readonly reason: NoSuggestionReason };
export type PostFilter = (text: string, place: FilteredPlace) => Filtered;
