// Which pairs are named as nearest to a suggestion.
import { describe, expect, it } from 'vitest';
import { nearestPairs } from '../../../server/lsp/feedback/nearestPairs.ts';
import { makePair } from '../../../server/selfEdit/pair.ts';
import type { StoredPair } from '../../../server/selfEdit/selectReplay.ts';

function pair(declaration: string, answer: string, age = 0): StoredPair {
  const prompt = { kind: 'question', repository: 'r', question: declaration } as const;
  return { pair: makePair({ form: 'question', example: { prompt, answer }, commit: 'c', path: 'a.ts', declaration, writtenBy: 'structural' }), version: 'v', age };
}

const pairs = [
  pair('stampEntry', 'const receipt = registry.stampEntry(ledgerId);'),
  pair('stampEntry', 'return registry.stampEntry(ledgerId, "again");', 1),
  pair('openWindow', 'const handle = system.openWindow(title);'),
  pair('sum', 'const total = values.reduce((a, b) => a + b);'),
];

describe('nearest pairs', () => {
  it('share the rare words of the suggestion, one per declaration', () => {
    const [first, ...rest] = nearestPairs('  const receipt = registry.stampEntry(parcelId);', pairs);
    expect(first?.pair).toBe(pairs[0]);
    expect(rest.map(({ pair: each }) => each.pair.declaration)).not.toContain('stampEntry');
  });

  it('are none where only common words are shared', () => {
    expect(nearestPairs('  if (x) return;', pairs)).toEqual([]);
    expect(nearestPairs('', pairs)).toEqual([]);
    expect(nearestPairs('stampEntry', [])).toEqual([]);
  });

  it('of the same words are as near as can be, parts of names counting', () => {
    const [same] = nearestPairs('stampEntry const receipt = registry.stampEntry(ledgerId);', pairs);
    expect(same?.similarity).toBeCloseTo(1);
    expect(nearestPairs('closeWindow', pairs).map(({ pair: each }) => each.pair.declaration)).toEqual(['openWindow']);
  });
});
