// Post-filter: to read fewer than four characters takes longer than to type them.
import type { Filtered } from './postFilter.ts';

const leastCharacters = 4;

export function tooShort(text: string): Filtered {
  return text.trim().length < leastCharacters ? { reason: 'tooShort' } : { text };
}
