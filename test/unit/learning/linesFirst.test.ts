// Probes asked are lines, wherever there are enough of them.
import { describe, expect, it } from 'vitest';
import { linesFirst } from '../../../server/learning/linesFirst.ts';
import type { Probe } from '../../../server/reward/probe.ts';

function probes(kind: Probe['kind'], count: number, files = 4): Probe[] {
  const example = { prompt: { kind: 'question', repository: 'demo', question: '' }, answer: '' } as const;
  return Array.from({ length: count }, (_, index) => ({ id: `${kind}-${index}`, kind, example, path: `${kind}${index % files}.ts`, declaration: `d${index}`, commit: 'c', half: 'judge' }));
}
const count = (of: readonly Probe[], kind: Probe['kind']): number => of.filter((probe) => probe.kind === kind).length;

describe('linesFirst', () => {
  it('takes lines alone, of each file first one', () => {
    const taken = linesFirst([...probes('assertion', 40), ...probes('laterLine', 40), ...probes('addedLine', 2, 1)], 9);
    expect([taken.length, count(taken, 'assertion')]).toEqual([9, 0]);
    expect(new Set(taken.map(({ path }) => path)).size).toBe(5);
  });

  it('does not fill up with others what lines are missing, and counts kept suggestions as lines', () => {
    const taken = linesFirst([...probes('callSite', 40), ...probes('laterLine', 6), ...probes('kept', 3)], 48);
    expect([taken.length, count(taken, 'callSite')]).toEqual([9, 0]);
  });

  it('takes all kinds as they come where lines are too few to judge by', () => {
    const taken = linesFirst([...probes('callSite', 10), ...probes('laterLine', 3)], 12);
    expect([taken.length, count(taken, 'callSite')]).toEqual([12, 9]);
  });

  it('nine lines of one file are too few, six of two are not', () => {
    expect(count(linesFirst([...probes('callSite', 10), ...probes('laterLine', 9, 1)], 48), 'callSite')).toBe(10);
    expect(count(linesFirst([...probes('callSite', 10), ...probes('laterLine', 6, 2)], 48), 'callSite')).toBe(0);
  });
});
