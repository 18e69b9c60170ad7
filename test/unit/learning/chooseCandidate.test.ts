// Which candidate is judged: a written one only where the choosing half can tell it from candidate 0.
import { describe, expect, it } from 'vitest';
import { chooseCandidate } from '../../../server/learning/chooseCandidate.ts';

const probes = Array.from({ length: 12 }, (_, index) => ({
  id: `probe-${index}`,
  path: `src/file${index % 6}.ts`,
  declaration: `declared${index}`,
  example: { prompt: { kind: 'question', repository: 'demo', question: '' }, answer: '' } as const,
}));
const scored = (valueAt: (index: number) => number) => new Map(probes.map(({ id }, index) => [id, valueAt(index)]));
const structural = scored((index) => -1.9 + 0.01 * (index % 3));

describe('chooseCandidate', () => {
  it('takes a written candidate that is better nearly everywhere', () => {
    const better = scored((index) => -1.8 + 0.01 * (index % 4));
    const { best, gains } = chooseCandidate(probes, [structural, better], 1);
    expect(best).toBe(1);
    expect(gains[0]).toBe(0);
    expect(gains[1]).toBeCloseTo(0.105, 6);
  });

  it('keeps candidate 0 where the mean of another is the luck of one probe', () => {
    const lucky = scored((index) => (index === 0 ? -0.5 : -1.95));
    const { best, gains } = chooseCandidate(probes, [structural, lucky], 1);
    expect(gains[1]).toBeGreaterThan(gains[0] ?? 0);
    expect(best).toBe(0);
  });

  it('keeps candidate 0 in a tie, alone, and without probes', () => {
    expect(chooseCandidate(probes, [structural, structural], 1).best).toBe(0);
    expect(chooseCandidate(probes, [structural], 1).best).toBe(0);
    expect(chooseCandidate([], [new Map(), new Map()], 1)).toEqual({ best: 0, gains: [0, 0] });
  });
});
