// How waiting commits are cut into cycles, and how items are cut down without losing files.
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../server/learning/learn.ts';
import { isPlaceboCycle, placeboOf } from '../../../server/learning/placebo.ts';
import { spreadOverFiles } from '../../../server/learning/spreadOverFiles.ts';
import { Random } from '../../../server/base/random.ts';
import { structuralRecipe } from '../../../server/learning/structuralRecipe.ts';
import { makePair } from '../../../server/selfEdit/pair.ts';
import { commit, pair } from '../../support/wakeScenario.ts';

function checkSteps(count: number, options: { firstUse?: boolean; eachCommit?: boolean; carried?: number }, expected: readonly number[]): void {
  const commits = Array.from({ length: count }, (_, i) => commit(`c${i}`));
  const carried = new Set(commits.slice(0, options.carried ?? 0).map(({ id }) => id));
  const steps = stepsOf({ base: null, commits }, { firstUse: options.firstUse ?? false, eachCommit: options.eachCommit ?? false, carried });
  expect(steps.map(({ length }) => length)).toEqual(expected);
  expect(steps.flat()).toEqual(commits);
}

describe('waiting commits', () => {
  it.each([
    ['a few are one range', 8, {}, [8]],
    ['many are cut into steps', 50, {}, Array.from({ length: 25 }, () => 2)],
    ['at first use each is a step while there are few', 3, { firstUse: true }, [1, 1, 1]],
    ['each for itself when asked', 3, { eachCommit: true }, [1, 1, 1]],
    ['those that waited join the first new one', 4, { eachCommit: true, carried: 2 }, [3, 1]],
    ['those that waited alone are one range again', 2, { firstUse: true, carried: 2 }, [2]],
  ] satisfies [string, number, object, number[]][])('%s', (_title, count, options, expected) => checkSteps(count, options, expected));
});

describe('items spread over files', () => {
  it('keep every file before any second item', () => {
    const items = ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'].map((name) => ({ path: name[0] ?? '', name }));
    expect(spreadOverFiles(items, 4).map(({ name }) => name)).toEqual(['a1', 'b1', 'c1', 'a2']);
  });
});

describe('placebo cycles', () => {
  it('are about one in three, and the same for a commit every time', () => {
    const heads = Array.from({ length: 300 }, (_, i) => `head-${i}`);
    const chosen = heads.filter((head) => isPlaceboCycle(head, 'sample'));
    expect(chosen.length).toBeGreaterThan(70);
    expect(chosen.length).toBeLessThan(130);
    expect(heads.filter((head) => isPlaceboCycle(head, 'sample'))).toEqual(chosen);
    expect(isPlaceboCycle('x', 'always')).toBe(true);
    expect(isPlaceboCycle('x', 'never')).toBe(false);
  });

  it('teach as much foreign text as the winner has, whatever its pairs are like', () => {
    const long = (index: number) => makePair({ ...pair(index), example: { ...pair(index).example, answer: `function foreign${index}() { ${'return 1; '.repeat(60)} }` } });
    const foreign = Array.from({ length: 6 }, (_, index) => long(index));
    const winner = { name: 'structural', selfEdit: { pairs: Array.from({ length: 12 }, (_, index) => pair(index)), recipe: structuralRecipe, origin: 'structural' as const, tokens: 1, dropped: [], samples: [] }, replay: [] };
    const placebo = placeboOf(winner, foreign, new Random('x'));
    expect(placebo?.selfEdit.pairs).toHaveLength(2);
    expect(placebo?.selfEdit.pairs.every(({ id }) => foreign.some((each) => each.id === id))).toBe(true);
    expect(placeboOf(winner, foreign.slice(0, 1), new Random('x'))?.selfEdit.pairs).toHaveLength(2);
    expect(placeboOf(winner, [], new Random('x'))).toBeNull();
  });
});
