// Post-filter: what stands after the cursor is not suggested again, neither the rest of the line nor the lines below.
import type { Filtered, FilteredPlace } from './postFilter.ts';
import { trimSuffixOverlap } from '../../syntax/trimSuffixOverlap.ts';

export function repeatsSuffix(text: string, { prefix, suffix }: FilteredPlace): Filtered {
  const kept = trimSuffixOverlap(text, suffix);
  if (kept.trim() === '') return { reason: 'repeatsSuffix' };
  const below = codeLines(suffix.slice(indexOrEnd(suffix, '\n')));
  const written = codeLines(lineBefore(prefix) + kept);
  // Brackets alone stand everywhere; a line says something from three characters on.
  const same = written.length > 0 && written.every((line, index) => line === below[index]) && written.some((line) => line.length >= 3);
  return same ? { reason: 'repeatsSuffix' } : { text: kept };
}

function lineBefore(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

function codeLines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

function indexOrEnd(text: string, what: string): number {
  const at = text.indexOf(what);
  return at === -1 ? text.length : at;
}
