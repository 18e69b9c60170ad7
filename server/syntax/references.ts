// Uses of names in one file, from grammars/<language>/references.scm.
import type { Reference } from './declaration.ts';
import type { Parsed } from './parsers.ts';

/** In source order, one per place. */
export function referencesOf({ path, captures }: Parsed): Reference[] {
  const found = new Map<number, Reference>();
  const declared = new Set<number>();
  for (const { name: capture, node } of captures('references')) {
    const start = node.startIndex;
    if (capture === 'declared') declared.add(start);
    else if (capture === 'call' || !found.has(start)) {
      found.set(start, { path, name: node.text, range: { start, end: node.endIndex }, isCall: capture === 'call' });
    }
  }
  return [...found.values()].filter(({ range }) => !declared.has(range.start)).sort((a, b) => a.range.start - b.range.start);
}
