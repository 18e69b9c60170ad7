// Post-filter: a block whose closing bracket stands below the cursor already is not closed a second time. Without it, accepting the body of
// a function whose braces the editor had closed would leave one bracket too many.
import type { Filtered, FilteredPlace } from './postFilter.ts';

export function blockClose(text: string, { prefix, suffix }: FilteredPlace): Filtered {
  const lines = text.split('\n');
  if (lines.length === 1 || balance(text) >= 0) return { text };
  const last = lines.at(-1) ?? '';
  const below = suffix.split('\n').slice(1).find((line) => line.trim() !== '') ?? '';
  const closesAgain = /^\s*[)\]}]+[;,]?\s*$/.test(last) && below.trim().startsWith(last.trim()) && indentation(below) <= indentation(lineOf(prefix));
  if (!closesAgain) return { text };
  const kept = lines.slice(0, -1).join('\n');
  return kept.trim() === '' ? { reason: 'leavesScope' } : { text: kept };
}

/** Opening less closing brackets; below zero it closes what it did not open. */
function balance(text: string): number {
  return (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
}

function indentation(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0;
}

function lineOf(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf('\n') + 1);
}
