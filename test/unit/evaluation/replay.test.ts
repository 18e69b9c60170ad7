// A replay measures each commit before it learns it, and its figures follow from its items alone.
import { describe, expect, test } from 'vitest';
import type { AdapterHandle } from '../../../server/base/prompt.ts';
import { replay, type LearntCommit } from '../../../server/evaluation/replay.ts';
import type { Commit } from '../../../server/git/commit.ts';
import { describeStep } from '../../../server/commandLine/replayText.ts';
import type { Replay, ReplayItem } from '../../../server/evaluation/replayResult.ts';
import { summariseItems } from '../../../server/evaluation/summarise.ts';
import type { RewardRecord } from '../../../server/store/version.ts';
import { servingShape } from '../../../server/syntax/promptContext.ts';
import { htmlReport } from '../../../server/report/htmlReport.ts';

const commitOf = (id: string, parents: string[]): Commit => ({
  id, parents, tree: id, authorName: 'a', authorEmail: 'a@example.org', timeSeconds: 0, subject: `<b>${id}</b>`,
});

const reward: RewardRecord = {
  value: 0.3, dense: { gain: 0.1, low: 0.05, high: 0.15 }, probes: 8, tests: { informative: 4, before: 3, after: 4, verdict: 'same' }, retention: null, generalLossChange: 0.001,
};
const taughtPairs = ['openAccount', 'close', 'openAccount'].map((declaration) => ({ form: 'fim', declaration, writtenBy: 'structural', answer: 'x' }));

/** A model that knows as many nats as the number in the adapter's name, and writes the answer from 2 on. */
const knows = (adapter: AdapterHandle) => (adapter === null ? 0 : Number(adapter.slice(-1)));

async function replayed(): Promise<{ result: Replay; calls: string[] }> {
  const calls: string[] = [];
  let active: AdapterHandle = null;
  const learnt = (commit: Commit, promoted: boolean, best: string): LearntCommit => ({
    id: best, promoted, reason: promoted ? 'promoted' : 'noGain', explanation: promoted ? null : 'gain 0.001: not above chance', waits: !promoted, pairs: taughtPairs, modelWrittenPairs: 1, share: promoted ? 1 : 2, reward, training: [],
    candidate: 'structural', leftOut: [], phases: {}, placebo: { tried: true, promoted: false }, active, best,
  });
  const result = await replay(
    {
      model: {
        async score(items) {
          calls.push(`score ${items[0]?.adapter}`);
          return items.map(({ adapter }) => ({ logProbability: -10 + knows(adapter), tokens: 1 }));
        },
        async generate(items) {
          return items.map(({ adapter }) => ({ text: knows(adapter) >= 2 ? 'x' : '', finish: 'stop' as const, tokens: 1, meanLogProbability: 0 }));
        },
      },
      tools: { syntax: { declarations: () => [], imports: () => [] }, countTokens: (text) => text.length, shape: servingShape },
      supports: () => true,
      clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} },
      commits: [commitOf('c0', []), commitOf('c1', ['c0']), commitOf('c2', ['c1'])].map((commit) => ({ branch: 'main', commit })),
      changedFiles: async (commit) => [{ path: 'a.ts', oldPath: 'a.ts', before: '', after: `const value_${commit.id} = compute(${commit.id});\n` }],
      parentFiles: async () => new Map(),
      activeFor: async () => active,
      learn: async (_, commit) => {
        calls.push(`learn ${commit.id}`);
        if (commit.id === 'c0') active = 'v1';
        return commit.id === 'c0' ? learnt(commit, true, 'v1') : learnt(commit, false, 'r3');
      },
      otherRepository: async () => 'o0',
    },
    { repository: 'r', seed: 1, itemsPerCommit: 10 },
  );
  return { result, calls };
}

describe('a replay', () => {
  test('measures a commit before it learns it', async () => {
    const { calls } = await replayed();
    expect(calls.indexOf('score v1')).toBeGreaterThan(calls.indexOf('learn c0'));
    expect(calls.indexOf('score v1')).toBeLessThan(calls.indexOf('learn c1'));
  });

  test('scores no items twice under the same version', async () => {
    const { calls } = await replayed();
    const beforeC2 = calls.slice(calls.indexOf('learn c1') + 1, calls.indexOf('learn c2'));
    // The version before and what the last cycle made of it: only the latter is new. The cycle before that started from the base.
    expect(beforeC2.toSorted()).toEqual(['score null', 'score r3', 'score v1']);
  });

  test('compares base, adapted and the other repository on the same items', async () => {
    const { nextCommit, placebo } = (await replayed()).result.summary;
    expect(nextCommit.items).toBe(2);
    expect(nextCommit.logLikelihood).toMatchObject({ base: -10, adapted: -9, otherRepository: -10, gain: 1, gainLow: 1, gainHigh: 1, gainOverOther: 1 });
    expect(placebo).toEqual({ tried: 3, promoted: 0 });
  });

  test('judges what a cycle made on the next commit, promoted and rejected apart', async () => {
    const { nextCommit, versions } = (await replayed()).result.summary;
    expect(versions.map(({ promoted, next }) => ({ promoted, next }))).toEqual([
      { promoted: true, next: { items: 1, gain: 1 } },
      { promoted: false, next: { items: 1, gain: 2 } },
      { promoted: expect.any(Boolean), next: null },
    ]);
    expect(nextCommit.promotedGain).toMatchObject({ cycles: 1, items: 1, gain: { mean: 1 } });
    expect(nextCommit.rejectedGain).toMatchObject({ cycles: 1, items: 1, gain: { mean: 2 } });
    expect(nextCommit.promotedOverRejected).toMatchObject({ mean: -1 });
  });

  test('and on the commits after that, each time over the version before the cycle', async () => {
    const { nextThree } = (await replayed()).result.summary.nextCommit;
    // The first cycle's version is asked of both commits after it, the second's of one.
    expect(nextThree.promotedGain).toMatchObject({ cycles: 1, items: 2, gain: { mean: 1 } });
    expect(nextThree.rejectedGain).toMatchObject({ cycles: 1, items: 1, gain: { mean: 2 } });
    expect(nextThree.promotedOverRejected).toMatchObject({ mean: -1 });
  });

  test('says of each commit what was taught, the verdict and why', async () => {
    const { result } = await replayed();
    expect(result.summary.versions[1]).toMatchObject({ commit: 'c1', id: 'r3', promoted: false, reason: 'noGain', waits: true, pairs: 3, modelWrittenPairs: 1, reward });
    const text = result.steps.map(describeStep);
    expect(text[0]).toContain('version v1; 3 pairs, 1 of them written by the model');
    expect(text[1]).toContain('noGain, waits for the next commit; 3 pairs, 1 of them written by the model; 2 of the step');
    expect(text[1]).toContain('about openAccount, close\n');
    expect(text[1]).toContain('why: gain 0.001: not above chance');
    expect(text[1]).toContain('tests same, 3 to 4 passes on 4 spans');
  });

  test('counts shares of exact lines and means of edit similarity over all items', async () => {
    const [step] = (await replayed()).result.steps;
    if (step === undefined) throw new Error('no step');
    const item = (exact: boolean, similarity: number): ReplayItem => ({
      id: `${similarity}`, path: 'a.ts', typed: '', answer: '',
      logLikelihood: { base: -2, adapted: -1, otherRepository: -3 },
      exact: { base: false, adapted: exact, otherRepository: false },
      editSimilarity: { base: 0, adapted: similarity, otherRepository: 0.1 },
      completion: { base: '', adapted: '', otherRepository: '' },
    });
    const figures = summariseItems([{ ...step, items: [item(true, 1), item(false, 0.5)] }, { ...step, commit: 'other', items: [item(false, 0), item(false, 0.1)] }], [], 1);
    expect(figures).toMatchObject({ items: 4, exactMatch: { base: 0, adapted: 0.25, otherRepository: 0 }, logLikelihood: { gain: 1, gainOverOther: 2 }, promotedGain: { gain: null }, promotedOverRejected: null });
    expect(figures.editSimilarity.adapted).toBeCloseTo(0.4);
    expect(figures.editSimilarity.otherRepository).toBeCloseTo(0.1);
  });

  test('becomes a report that escapes what the repository says', async () => {
    const { result } = await replayed();
    const html = htmlReport(result, { model: '<m>', chartLibrary: { script: '', style: '' } });
    expect(html).toContain('&lt;b&gt;c1&lt;/b&gt;');
    expect(html).not.toContain('<b>c1</b>');
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
  });
});
