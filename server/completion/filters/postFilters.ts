// The post-filters in their order: what repeats itself is refused before it is shortened, and length is judged last, on what is left.
import { blank } from './blank.ts';
import { blockClose } from './blockClose.ts';
import { indentationScope } from './indentationScope.ts';
import type { Filtered, FilteredPlace, PostFilter } from './postFilter.ts';
import { repeatsLines } from './repeatsLines.ts';
import { repeatsSuffix } from './repeatsSuffix.ts';
import { repeatsTokens } from './repeatsTokens.ts';
import { tooShort } from './tooShort.ts';

const postFilters: readonly PostFilter[] = [blank, repeatsTokens, repeatsLines, indentationScope, blockClose, repeatsSuffix, blank, tooShort];

export function postFilter(text: string, place: FilteredPlace): Filtered {
  let filtered: Filtered = { text };
  for (const filter of postFilters) {
    if ('reason' in filtered) return filtered;
    filtered = filter(filtered.text, place);
  }
  return filtered;
}
