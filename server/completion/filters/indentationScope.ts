// Post-filter: lines that are indented less than the line of the cursor have left its block; what a suggestion says there is not about this place.
import type { Filtered, FilteredPlace } from './postFilter.ts';

export function indentationScope(text: string, { prefix }: FilteredPlace): Filtered {
  const lines = text.split('\n');
  const own = indentation(`${prefix.slice(prefix.lastIndexOf('\n') + 1)}${lines[0] ?? ''}`);
  const end = lines.findIndex((line, index) => index > 0 && line.trim() !== '' && indentation(line) < own);
  if (end === -1) return { text };
  const kept = lines.slice(0, end).join('\n');
  return kept.trim() === '' ? { reason: 'leavesScope' } : { text: kept };
}

function indentation(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0;
}
