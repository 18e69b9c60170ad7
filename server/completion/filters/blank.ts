// Post-filter: nothing but white space is no suggestion; trailing spaces are not suggested either.
import type { Filtered } from './postFilter.ts';

export function blank(text: string): Filtered {
  const kept = text.replace(/[ \t\r\n]+$/, '');
  return kept.trim() === '' ? { reason: 'blank' } : { text: kept };
}
