// Three of four probes are lines, wherever there are enough of them.
import { describe, expect, it } from 'vitest';
import { mostlyLines } from '../../../server/learning/mostlyLines.ts';
import type { Probe } from '../../../server/reward/probe.ts';

function probes(kind: Probe['kind'], count: number, files = 4): Probe[] {
  const example = { prompt: { kind: 'question', repository: 'demo', question: '' }, answer: '' } as const;
  return Array.from({ length: count }, (_, index) => ({ id: `${kind}-${index}`, kind, example, path: `${kind}${index % files}.ts`, declaration: `d${index}`, commit: 'c', half: 'judge' }));
}
const count = (of: readonly Probe[], kind: Probe['kind']): number => of.filter((probe) => probe.kind === kind).length;

describe('mostlyLines', () => {
  it('takes one other for three lines, of each file first one', () => {
    const taken = mostlyLines([...probes('assertion', 40), ...probes('laterLine', 40)], 16);
    expect([taken.length, count(taken, 'laterLine'), count(taken, 'assertion')]).toEqual([16, 12, 4]);
    expect(new Set(taken.filter(({ kind }) => kind === 'assertion').map(({ path }) => path)).size).toBe(4);
  });

  it('does not fill up with others what lines are missing, and counts kept suggestions as lines', () => {
    const taken = mostlyLines([...probes('callSite', 40), ...probes('laterLine', 6), ...probes('kept', 3)], 48);
    expect([count(taken, 'laterLine') + count(taken, 'kept'), count(taken, 'callSite')]).toEqual([9, 3]);
  });

  it('takes all kinds as they come where lines are too few to judge by', () => {
    const taken = mostlyLines([...probes('callSite', 10), ...probes('laterLine', 3)], 12);
    expect([taken.length, count(taken, 'callSite')]).toEqual([12, 9]);
  });
});
