// Bootstrap, tests verdict, gates and the reward's one number.
import { describe, expect, test } from 'vitest';
import { present } from '../../../server/base/assert.ts';
import { Random } from '../../../server/base/random.ts';
import { pairedInterval, unpairedInterval } from '../../../server/reward/bootstrap.ts';
import type { Difference } from '../../../server/reward/bootstrap.ts';
import { differencesOf } from '../../../server/reward/denseGain.ts';
import type { ScoredItem } from '../../../server/reward/denseGain.ts';
import { enoughProbes, generalLossGate, retentionGate } from '../../../server/reward/gates.ts';
import { generalCode } from '../../../server/reward/generalCode.ts';
import { assignHalves, knownHalves } from '../../../server/reward/halves.ts';
import type { Half } from '../../../server/reward/probe.ts';
import { rewardValue } from '../../../server/reward/rewardValue.ts';
import { compareTests, decideTests } from '../../../server/reward/testsVerdict.ts';

/** Items of several files with a file effect, so that items of one file are not independent. */
function sample(random: Random, { mean, files, perFile, fileSpread }: { mean: number; files: number; perFile: number; fileSpread: number }): Difference[] {
  return Array.from({ length: files }, (_, file) => {
    const effect = fileSpread * random.normal();
    return Array.from({ length: perFile }, (_unused, item) => ({ id: `${file}-${item}`, cluster: `f${file}`, value: mean + effect + 0.5 * random.normal() }));
  }).flat();
}

describe('the paired bootstrap', () => {
  test('a 90 % interval covers the true mean about nine times in ten, also when items of a file move together', () => {
    const random = new Random(11);
    let covered = 0;
    const trials = 200;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = pairedInterval(sample(random, { mean: 0.3, files: 12, perFile: 5, fileSpread: 0.5 }), { seed: trial, resamples: 400 });
      if (low <= 0.3 && 0.3 <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.82);
    expect(covered / trials).toBeLessThan(0.98);
  });

  const few = [3, 4, 6, 10].flatMap((files) => [0, 0.5].map((fileSpread) => ({ files, fileSpread })));
  test.each(few)('of $files files that differ by $fileSpread too, "above chance" is wrong about one time in ten, not seldomer', ({ files, fileSpread }) => {
    const random = new Random(files);
    let wrong = 0;
    const trials = 1000;
    for (let trial = 0; trial < trials; trial++) {
      if (pairedInterval(sample(random, { mean: 0, files, perFile: 8, fileSpread }), { seed: trial, resamples: 200, level: 0.8 }).low > 0) wrong++;
    }
    expect(wrong / trials).toBeGreaterThan(0.07);
    expect(wrong / trials).toBeLessThan(0.13);
  });

  test('items that move with their file give a wider interval than items that do not', () => {
    const clustered = sample(new Random(3), { mean: 0, files: 6, perFile: 20, fileSpread: 1 });
    const scattered = clustered.map((item, index) => ({ ...item, cluster: `own${index}` }));
    const width = (items: Difference[]) => {
      const { low, high } = pairedInterval(items, { seed: 1 });
      return high - low;
    };
    expect(width(clustered)).toBeGreaterThan(1.5 * width(scattered));
  });

  test('the same items in another order give the same interval', () => {
    const items = sample(new Random(5), { mean: 0, files: 4, perFile: 3, fileSpread: 1 });
    expect(pairedInterval([...items].reverse(), { seed: 1 })).toEqual(pairedInterval(items, { seed: 1 }));
  });

  test('no items say nothing', () => {
    expect(pairedInterval([], { seed: 1 })).toEqual({ mean: 0, low: 0, high: 0 });
  });
});

describe('the unpaired bootstrap', () => {
  test.each([[4, 4], [9, 6], [3, 12]])('of %i and %i cycles that do not differ, "more" is wrong at most about one time in ten', (some, others) => {
    const random = new Random(some);
    let wrong = 0;
    const trials = 1000;
    for (let trial = 0; trial < trials; trial++) {
      const cycles = (files: number) => sample(random, { mean: 0.3, files, perFile: 8, fileSpread: 0.5 });
      if (present(unpairedInterval(cycles(some), cycles(others), { seed: trial, resamples: 200, level: 0.8 })).low > 0) wrong++;
    }
    expect(wrong / trials).toBeGreaterThan(0.03);
    expect(wrong / trials).toBeLessThan(0.12);
  });

  test('finds a difference, with its sign; without one side there is none', () => {
    const [more, less] = [1, 0].map((mean) => sample(new Random(mean + 1), { mean, files: 6, perFile: 8, fileSpread: 0.1 }));
    expect(present(unpairedInterval(present(more), present(less), { seed: 1 })).low).toBeGreaterThan(0.5);
    expect(present(unpairedInterval(present(less), present(more), { seed: 1 })).high).toBeLessThan(-0.5);
    expect(unpairedInterval(present(more), [], { seed: 1 })).toBeNull();
  });
});

describe('the verdict of the tests', () => {
  const spans = (changes: readonly number[]) => changes.map((change, index) => ({ id: String(index), samples: 2, active: 1, candidate: 1 + change }));
  test.each([
    { title: 'three spans prove nothing', changes: [-1, -1, -1], verdict: 'inconclusive' },
    { title: 'no change is the same', changes: [0, 0, 0, 0, 0], verdict: 'same' },
    { title: 'one fall among five may be chance', changes: [-1, 0, 0, 0, 0], verdict: 'same' },
    { title: 'four falls of four are not chance', changes: [-1, -1, -1, -1], verdict: 'worse' },
    { title: 'four rises of six are not chance', changes: [1, 1, 1, 1, 0, 0], verdict: 'better' },
    { title: 'rises and falls cancel', changes: [1, -1, 1, -1, 1, -1], verdict: 'same' },
    { title: 'many spans are sampled', changes: Array.from({ length: 30 }, () => -1), verdict: 'worse' },
  ])('$title', ({ changes, verdict }) => {
    expect(compareTests(spans(changes), 1).verdict).toBe(verdict);
  });

  test('figures are passes over spans and samples', () => {
    const compared = compareTests(spans([1, 1, 0, -1]), 1);
    expect(compared).toMatchObject({ informative: 4, before: 4, after: 5, trials: 8, change: 0.125 });
    expect(compared.changeLow).toBeLessThan(0.125);
    expect(compared.changeHigh).toBeGreaterThan(0.125);
  });

  test('under no difference it says worse about as rarely as promised', () => {
    const random = new Random(9);
    let worse = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const passes = Array.from({ length: 8 }, (_, id) => ({ id: String(id), samples: 2, active: random.int(3), candidate: random.int(3) }));
      if (decideTests(passes, trial).verdict === 'worse') worse++;
    }
    expect(worse / 1000).toBeLessThan(0.11);
  });
});

describe('gates', () => {
  const older = (value: number) => Array.from({ length: 12 }, (_, index) => ({ id: String(index), cluster: `f${index % 4}`, value: value + (index % 3) * 0.001 }));
  test('retention holds without older probes, within the limit, and on a gain', () => {
    expect(retentionGate([], 1)).toEqual({ kind: 'held', interval: null });
    expect(retentionGate(older(-0.01), 1).kind).toBe('held');
    expect(retentionGate(older(0.2), 1).kind).toBe('held');
  });
  test('a loss on older probes beyond the limit is forgetting', () => {
    expect(retentionGate(older(-0.2), 1).kind).toBe('forgot');
  });

  const losses = (loss: number) => new Map([['a', -loss], ['b', -loss]]);
  test.each([
    { base: 2, active: 2, candidate: 2.01, kind: 'held' },
    { base: 2, active: 2, candidate: 2.03, kind: 'rosePerCycle' },
    { base: 2, active: 2.03, candidate: 2.045, kind: 'roseInAll' },
    { base: 2, active: 2.03, candidate: 1.9, kind: 'held' },
  ])('general loss $base, $active, $candidate: $kind', ({ base, active, candidate, kind }) => {
    expect(generalLossGate({ base: losses(base), active: losses(active), candidate: losses(candidate) }).kind).toBe(kind);
  });

  test('few probes are not enough, and of one file more are needed', () => {
    const probes = (files: number, count: number) => Array.from({ length: count }, (_, index) => ({ path: `f${index % files}` }));
    expect([enoughProbes(probes(3, 5)), enoughProbes(probes(1, 9)), enoughProbes(probes(1, 10)), enoughProbes(probes(2, 6))]).toEqual([false, false, true, true]);
  });
});

describe('halves', () => {
  const isTest = (path: string) => path.startsWith('test/');
  const items = (files: Record<string, number>) =>
    Object.entries(files).flatMap(([path, count]) => Array.from({ length: count }, (_, index) => ({ id: `${path}#${index}`, path, at: 10 * index })));
  const halvesOf = (files: Record<string, number>, known = new Map<string, Half>()) => assignHalves({ items: items(files), known, isTest });
  const judged = (halves: ReadonlyMap<string, Half>) => [...halves].filter(([, half]) => half === 'judge').map(([id]) => id.split('#')[0] ?? '');

  test('a commit of few files is split inside them, upper and lower part', () => {
    const halves = halvesOf({ 'src/a.ts': 6, 'test/a.test.ts': 8 });
    expect(judged(halves).filter(isTest)).toHaveLength(6);
    expect(judged(halves)).toHaveLength(11);
    expect(halves.get('src/a.ts#0')).toBe(halves.get('src/a.ts#4'));
    expect(halves.get('src/a.ts#0')).not.toBe(halves.get('src/a.ts#5'));
  });

  test('of many files each is whole on one side, sources and tests each shared out', () => {
    const files = { 'src/a.ts': 4, 'src/b.ts': 4, 'src/c.ts': 2, 'src/d.ts': 2, 'test/a.test.ts': 5, 'test/b.test.ts': 5 };
    const halves = halvesOf(files);
    const paths = new Set(judged(halves));
    expect(judged(halves)).toHaveLength(13);
    for (const path of paths) expect(judged(halves).filter((other) => other === path)).toHaveLength(files[path as keyof typeof files]);
    expect([...paths].filter(isTest)).toHaveLength(1);
  });

  test('three in four are judged on', () => {
    const halves = halvesOf(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`src/file${index}.ts`, 3])));
    expect(judged(halves)).toHaveLength(27);
  });

  test('the order of the items does not matter', () => {
    const list = items({ 'src/a.ts': 5, 'src/b.ts': 3 });
    const reversed = assignHalves({ items: [...list].reverse(), known: new Map(), isTest });
    for (const [id, half] of assignHalves({ items: list, known: new Map(), isTest })) expect(reversed.get(id)).toBe(half);
  });

  test('a probe keeps the half it once had', () => {
    const first = halvesOf({ 'src/a.ts': 4 });
    const known = knownHalves([...first].map(([id, half]) => ({ id, half })));
    const later = halvesOf({ 'src/a.ts': 9, 'src/b.ts': 3 }, known);
    for (const [id, half] of first) expect(later.get(id)).toBe(half);
  });
});

describe('dense gain', () => {
  const items: ScoredItem[] = ['a', 'b'].map((id) => ({ id, path: `${id}.ts`, example: { prompt: { kind: 'question', repository: 'r', question: id }, answer: 'x' } }));
  test('is paired by item and clustered by the declaration, where one is known', () => {
    const asked = items.map((item) => (item.id === 'b' ? { ...item, declaration: 'move' } : item));
    const active = new Map([['a', -2], ['b', -4]]);
    const candidate = new Map([['a', -1], ['b', -2], ['of active unknown', -1]]);
    expect(differencesOf(asked, { active, candidate })).toEqual([{ id: 'a', cluster: 'a.ts', value: 1 }, { id: 'b', cluster: 'b.ts#move', value: 2 }]);
    expect(rewardValue({ testsChange: 0.25, denseGain: 1.5 })).toBe(1.75);
  });

  test('general code has forty items or more, each with an answer and a licence', () => {
    expect(generalCode.length).toBeGreaterThanOrEqual(40);
    expect(new Set(generalCode.map(({ id }) => id)).size).toBe(generalCode.length);
    expect(generalCode.every(({ example }) => example.answer.trim().length > 0)).toBe(true);
  });
});
