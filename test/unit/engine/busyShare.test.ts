// Learning's share of a device: what it rests after work, whenever the work came.
import { describe, expect, it } from 'vitest';
import { BusyShare } from '../../../server/engine/service/busyShare.ts';

interface Case {
  readonly title: string;
  readonly share: number;
  /** Stretches of work, from and to. */
  readonly worked: readonly (readonly [number, number])[];
  readonly atMs: number;
  readonly restMs: number;
}

const cases: readonly Case[] = [
  { title: 'rests as long as it worked at a half', share: 0.5, worked: [[0, 100]], atMs: 100, restMs: 100 },
  { title: 'rests 19 times as long at the least share', share: 0.05, worked: [[0, 10]], atMs: 10, restMs: 190 },
  { title: 'never rests at all of the time', share: 1, worked: [[0, 100], [100, 200]], atMs: 200, restMs: 0 },
  { title: 'counts time in which nothing ran as rest', share: 0.5, worked: [[0, 100]], atMs: 170, restMs: 30 },
  { title: 'owes nothing after a long pause, and is owed nothing', share: 0.5, worked: [[0, 100], [5000, 5100]], atMs: 5100, restMs: 100 },
  { title: 'still owes the rest that it cut short', share: 0.5, worked: [[0, 100], [120, 220]], atMs: 220, restMs: 180 },
];

describe('a share of the time', () => {
  for (const { title, share, worked, atMs, restMs } of cases) {
    it(title, () => {
      const busy = new BusyShare(share);
      for (const [fromMs, toMs] of worked) busy.worked(fromMs, toMs);
      expect(busy.restMs(atMs)).toBeCloseTo(restMs, 9);
    });
  }
});
