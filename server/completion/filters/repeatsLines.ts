// Post-filter: the line above again is no suggestion, and of a block that goes round in circles the first turn is kept.
import type { Filtered, FilteredPlace } from './postFilter.ts';

const telling = 3;

export function repeatsLines(text: string, { prefix }: FilteredPlace): Filtered {
  const before = prefix.split('\n');
  const current = before.at(-1) ?? '';
  const lines = text.split('\n');
  const first = `${current}${lines[0] ?? ''}`.trim();
  const above = before.slice(0, -1).reverse().find((line) => line.trim() !== '')?.trim();
  if (first.length >= telling && first === above) return { reason: 'repeatsLines' };
  const seen = new Set<string>([first]);
  const circle = lines.findIndex((line, index) => {
    const code = line.trim();
    if (index === 0 || code.length < telling || !/[\p{L}\p{N}]/u.test(code)) return false;
    if (seen.has(code)) return true;
    seen.add(code);
    return false;
  });
  return { text: circle === -1 ? text : lines.slice(0, circle).join('\n') };
}
