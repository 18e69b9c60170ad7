// Every verdict and reason of the wake cycle, with a scripted model and a real store in memory.
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import { AssertionError, present } from '../../../server/base/assert.ts';
import { keptOfTraining } from '../../../server/learning/review.ts';
import { wakeCycle } from '../../../server/learning/wakeCycle.ts';
import { activeVersion } from '../../../server/store/activeVersion.ts';
import { readBranch } from '../../../server/store/branchFile.ts';
import { readVersion } from '../../../server/store/versionFolder.ts';
import { makePair } from '../../../server/selfEdit/pair.ts';
import { modelHash } from '../../support/sampleVersion.ts';
import { commit, compared, pair, scenario, trainings, type ItemKind, type ScenarioOptions } from '../../support/wakeScenario.ts';

const branch = 'main';

/** Everything gains half a nat but what the arguments say; general code and older probes stay. */
function scores(other: (kind: ItemKind, adapter: string) => number | undefined): NonNullable<ScenarioOptions['score']> {
  return (kind, adapter, item) => {
    const wobble = item.example.answer.length % 3 === 0 ? 0.01 : 0;
    if (adapter === null) return -2 + wobble;
    return (other(kind, adapter) ?? (kind === 'older' || kind === 'general' ? -2 : -1.5)) + wobble;
  };
}

describe('a wake cycle', () => {
  it('promotes the best candidate and records everything that the review shows', async () => {
    const { collaborators, request, model } = scenario({
      score: scores((kind, adapter) => (kind === 'select' && adapter === 'written-2' ? -1.2 : undefined)),
      spans: 4,
      tests: () => compared(4, 8),
    });
    const outcome = await wakeCycle(request('c1'), collaborators);
    expect(outcome.kind).toBe('promoted');
    const active = await activeVersion(collaborators.store, { branch, modelHash });
    const version = await readVersion(collaborators.store, active.manifest?.id ?? '');
    expect(version.manifest).toMatchObject({ candidate: 'written-2', share: 1, parent: null, trainedFrom: null, commits: ['c1'], verdict: { kind: 'promoted' }, pairs: { structural: 7, model: 1, replay: 0 } });
    expect(version.manifest.reward.dense.gain).toBeCloseTo(0.5);
    expect(version.manifest.reward.tests).toMatchObject({ verdict: 'better', informative: 4, before: 4, after: 8 });
    expect(version.manifest.reward.value).toBeCloseTo(0.5 + 4 / 16);
    expect(version.pairs).toHaveLength(8);
    expect(version.probes).toHaveLength(14);
    expect(version.details.candidates.map(({ name }) => name)).toEqual(['structural', 'written-1', 'written-2', 'written-3']);
    expect(version.details.candidates[2]?.gainOverStructural).toBeCloseTo(0.3);
    expect(version.details.candidates[2]?.written).toHaveLength(1);
    expect(version.details.completions.length).toBeGreaterThan(0);
    expect(version.training.map(({ candidate, step }) => `${candidate} ${step}`)).toEqual(['structural 1', 'written-1 1', 'written-2 1', 'written-3 1', 'written-2 2']);
    expect(Object.keys(version.manifest.seconds)).toEqual(expect.arrayContaining(['extract', 'surprise', 'selfEdits', 'train', 'select', 'judge', 'total']));
    expect(model.handles.size).toBe(0);
  });

  it('trains K candidates together for a first part, then the winner to the end, then it again under a second seed', async () => {
    const batches: string[][] = [];
    const onTrain: ScenarioOptions['onTrain'] = (candidates) => void batches.push(candidates.map(({ name, until }) => `${name.replace(/-\d{5,}$/, '-seed')}${until === undefined ? '' : ' begun'}`));
    const { collaborators, request } = scenario({ onTrain });
    await wakeCycle(request('c1'), collaborators);
    expect(batches).toEqual([['structural begun', 'written-1 begun', 'written-2 begun', 'written-3 begun'], ['structural'], ['structural-seed']]);
  });

  it('shows the 90 % interval of a gain, and decides at the level that is chosen for deciding', async () => {
    // Above chance at the one and not at the other.
    const close = scores(() => undefined);
    const { collaborators, request } = scenario({ score: (kind, adapter, item) => (kind === 'judge' && adapter !== null ? -2 + (Number(item.example.answer.at(-2)) % 2 === 0 ? 0.33 : -0.08) : close(kind, adapter, item)) });
    const outcome = await wakeCycle(request('c1'), collaborators);
    expect(outcome).toMatchObject({ kind: 'promoted' });
    expect(outcome.kind === 'promoted' && outcome.version.reward.dense.low).toBeLessThan(0);
  });

  it('trains no second seed for what fails under the first', async () => {
    const batches: number[] = [];
    const { collaborators, request } = scenario({ score: scores((kind) => (kind === 'judge' ? -2.5 : undefined)), onTrain: (candidates) => void batches.push(candidates.length) });
    expect(await wakeCycle(request('c1'), collaborators)).toMatchObject({ kind: 'rejected', reason: 'noGain' });
    expect(batches).toEqual([4, 1]);
  });

  it.each([
    { title: 'asks what was harmed of what gained', judge: -1.5, asked: true, reward: { generalLossChange: expect.any(Number) } },
    { title: 'does not ask what was harmed where nothing was gained', judge: -2.5, asked: false, reward: { retention: null, generalLossChange: null } },
  ])('$title', async ({ judge, asked, reward }) => {
    const kinds = new Set<ItemKind>();
    const like = scores((kind) => (kind === 'judge' ? judge : undefined));
    const { collaborators, request } = scenario({ score: (kind, adapter, item) => (kinds.add(kind), like(kind, adapter, item)) });
    expect(await wakeCycle(request('c1'), collaborators)).toMatchObject({ version: { reward } });
    expect(kinds.has('general')).toBe(asked);
  });

  it('trains one candidate in one go', async () => {
    const { collaborators, request, model } = scenario({});
    expect(await wakeCycle(request('c1', { candidates: 1 }), collaborators)).toMatchObject({ kind: 'promoted' });
    expect(model.trained.map(({ until }) => until)).toEqual([undefined, undefined]);
  });

  it('trains the next version from the active one, with replay of older pairs', async () => {
    const { collaborators, request, model } = scenario();
    await wakeCycle(request('c1'), collaborators);
    model.trained.length = 0;
    const outcome = await wakeCycle(request('c2'), collaborators);
    expect(outcome).toMatchObject({ kind: 'promoted', version: { pairs: { replay: 1 } } });
    expect(model.trained.every(({ from }) => from !== null)).toBe(true);
    expect(model.trained[0]?.examples).toHaveLength(9);
    const line = (await readBranch(collaborators.store, branch))?.lines[modelHash];
    expect(line?.history.map((move) => move.kind)).toEqual(['promote', 'promote']);
  });

  const rejections: readonly { readonly reason: string; readonly options: ScenarioOptions; readonly placebo?: 'always' }[] = [
    { reason: 'noGain', options: { score: scores((kind) => (kind === 'judge' ? -2.5 : undefined)), spans: 4, tests: () => compared(4, 4) } },
    { reason: 'unstable', options: { score: scores((kind, adapter) => (kind === 'judge' && /-\d{5,}/.test(adapter) ? -2.1 : undefined)) } },
    { reason: 'testsFell', options: { spans: 4, tests: (candidate) => compared(12, candidate === '' ? 12 : 0) } },
    { reason: 'generalLoss', options: { score: scores((kind) => (kind === 'general' ? -2.2 : undefined)) } },
    { reason: 'placebo', placebo: 'always', options: {} },
  ];
  it.each(rejections)('rejects and keeps the candidate for review: $reason', async ({ reason, options, placebo }) => {
    const { collaborators, request } = scenario(options);
    const outcome = await wakeCycle(request('c1', { placebo: placebo ?? 'never' }), collaborators);
    expect(outcome).toMatchObject({ kind: 'rejected', reason, carriedOver: false });
    const line = (await readBranch(collaborators.store, branch))?.lines[modelHash];
    expect(line).toMatchObject({ active: null, learntUpTo: 'c1' });
    const about = line?.history.at(-1)?.about ?? '';
    expect((await readVersion(collaborators.store, about)).manifest.verdict).toMatchObject({ kind: 'rejected', reason });
  });

  it('rejects what makes older commits forgotten', async () => {
    const { collaborators, request } = scenario({ score: (kind, adapter) => (kind === 'general' ? -2 : kind === 'older' ? -1.4 - trainings(adapter) / 10 : -2 + trainings(adapter) / 2) });
    await wakeCycle(request('c1'), collaborators);
    expect(await wakeCycle(request('c2'), collaborators)).toMatchObject({ kind: 'rejected', reason: 'forgot', version: { reward: { retention: { gain: expect.closeTo(-0.1) } } } });
  });

  it('keeps a smaller step where the whole one breaks tests', async () => {
    const { collaborators, request } = scenario({
      score: scores((kind, adapter) => (kind === 'judge' && adapter.includes('@') ? -1.8 : undefined)),
      spans: 4,
      tests: (candidate) => compared(8, candidate.endsWith('@0.5') ? 9 : 2),
    });
    const outcome = await wakeCycle(request('c1'), collaborators);
    expect(outcome).toMatchObject({ kind: 'promoted', version: { share: 0.5, reward: { tests: { verdict: 'better', after: 9 } } } });
  });

  it('goes further than it was trained to where the choosing half says so, the control as well, and back where that is too far', async () => {
    const bolder = (kind: string, adapter: string): number | undefined => (kind === 'select' && adapter.endsWith('@2') ? -1.2 : kind === 'judge' && adapter.startsWith('placebo') ? (adapter.endsWith('@2') ? -2.1 : 0) : undefined);
    const promoted = scenario({ score: scores(bolder) });
    expect(await wakeCycle(promoted.request('c1', { placebo: 'always' }), promoted.collaborators)).toMatchObject({ kind: 'promoted', version: { share: 2, placebo: { tried: true } } });
    const tooFar = scenario({ score: scores(bolder), spans: 4, tests: (candidate) => compared(8, candidate.endsWith('@2@0.5') ? 9 : 2) });
    expect(await wakeCycle(tooFar.request('c1'), tooFar.collaborators)).toMatchObject({ kind: 'promoted', version: { share: 1 } });
  });

  it('shrinks a version towards the base where general code is what it harms too much, and takes a part of the step where that is not enough', async () => {
    const harmed = (harmless: RegExp) => scenario({ score: scores((kind, adapter) => (kind === 'general' && adapter.includes('>') && !harmless.test(adapter) ? -2.1 : kind === 'judge' && adapter.includes('>') ? -1.3 : undefined)) });
    const shrunk = harmed(/@0\.7$/);
    await wakeCycle(shrunk.request('c1'), shrunk.collaborators);
    const outcome = await wakeCycle(shrunk.request('c2'), shrunk.collaborators);
    expect(outcome).toMatchObject({ kind: 'promoted', version: { share: 1, shrunkTo: 0.7 } });
    const last = present(outcome.kind === 'promoted' ? outcome.version : undefined);
    expect((await readVersion(shrunk.collaborators.store, last.id)).details.notes.slice(0, 2)).toEqual(['shrunk to 0.85: still too much loss on code of other projects', 'shrunk to 0.7: passed']);
    expect(keptOfTraining(last)).toBe('the whole step, then shrunk towards the base to 0.7');
    const smaller = harmed(/@0\.25$/);
    await wakeCycle(smaller.request('c1'), smaller.collaborators);
    expect(await wakeCycle(smaller.request('c2'), smaller.collaborators)).toMatchObject({ kind: 'promoted', version: { share: 0.25, shrunkTo: 1 } });
  });

  it('gives the control as many tries as the winner', async () => {
    const { collaborators, request } = scenario({ score: scores((kind, adapter) => (kind === 'general' && adapter.startsWith('placebo') && !adapter.endsWith('@0.5') ? -2.2 : undefined)) });
    expect(await wakeCycle(request('c1', { placebo: 'always' }), collaborators)).toMatchObject({ kind: 'rejected', reason: 'placebo', version: { placebo: { tried: true, promoted: true } } });
  });

  it('says once what is found out twice', async () => {
    const { collaborators, request } = scenario({ measureNotes: ['no test command'] });
    const outcome = await wakeCycle(request('c1'), collaborators);
    const { notes } = (await readVersion(collaborators.store, outcome.kind === 'promoted' ? outcome.version.id : '')).details;
    expect(notes.filter((note) => note === 'no test command')).toHaveLength(1);
  });

  it('runs no tests of what another gate has refused', async () => {
    let compared = 0;
    const { collaborators, request } = scenario({ spans: 4, score: scores((kind) => (kind === 'judge' ? -2.5 : undefined)), tests: () => (compared++, { kind: 'notRunnable', note: '' }) });
    expect(await wakeCycle(request('c1'), collaborators)).toMatchObject({ kind: 'rejected', reason: 'noGain', version: { reward: { tests: { verdict: 'inconclusive', note: 'not run' } } } });
    expect(compared).toBe(0);
  });

  it('notes the placebo that failed, beside the version that was promoted', async () => {
    const { collaborators, request } = scenario({ score: scores((kind, adapter) => (kind === 'judge' && adapter.startsWith('placebo') ? -2.1 : undefined)) });
    const outcome = await wakeCycle(request('c1', { placebo: 'always' }), collaborators);
    expect(outcome).toMatchObject({ kind: 'promoted', version: { placebo: { tried: true, promoted: false } } });
  });

  it.each([
    ['alreadyKnown', { score: () => -0.01 }],
    ['allLeftOut', { versions: 0, leftOut: [{ path: 'a.lock', reason: 'lockFile' }] }],
    ['nothingToLearn', { versions: 0 }],
    ['authorNotApproved', { versions: 0, leftOut: [{ path: 'commit c1', reason: 'authorNotApproved' }] }],
  ] satisfies [string, ScenarioOptions][])('stops before training and says why: %s', async (reason, options) => {
    const { collaborators, request, model } = scenario(options);
    expect(await wakeCycle(request('c1'), collaborators)).toMatchObject({ kind: 'skipped', reason });
    expect(model.trained).toEqual([]);
    const line = (await readBranch(collaborators.store, branch))?.lines[modelHash];
    expect(line).toMatchObject({ active: null, learntUpTo: 'c1' });
    expect(line?.history.at(-1)).toMatchObject({ kind: 'skip', reason });
  });

  it.each([
    ['tooFewProbes', { judgeFiles: 1 }],
    ['tooFewPairs', { pairs: 3 }],
  ] satisfies [string, ScenarioOptions][])('lets commits wait for the next ones: %s', async (reason, options) => {
    const { collaborators, request, model } = scenario(options);
    expect(await wakeCycle(request('c1'), collaborators)).toMatchObject({ kind: 'rejected', reason, carriedOver: true, version: null });
    expect(model.trained).toEqual([]);
    expect((await readBranch(collaborators.store, branch))?.lines[modelHash]?.learntUpTo).toBeNull();
  });

  it('lets commits wait whose gain cannot be told from chance, and then learns them with the next', async () => {
    // Every second probe file gains what the others lose.
    const mixed = scores((kind) => (kind === 'judge' ? -2 : undefined));
    const undecided: NonNullable<ScenarioOptions['score']> = (kind, adapter, item) =>
      mixed(kind, adapter, item) + (kind === 'judge' && adapter !== null ? (Number(item.example.answer.at(-2)) % 2 === 0 ? 0.2 : -0.2) : 0);
    const { collaborators, request, budgets } = scenario({ score: undecided });
    const first = await wakeCycle(request('c10'), collaborators);
    expect(first).toMatchObject({ kind: 'rejected', reason: 'noGain', carriedOver: true, version: { commits: ['c10'] } });
    expect((await readBranch(collaborators.store, branch))?.lines[modelHash]?.learntUpTo).toBeNull();
    const again = await wakeCycle(request('c11', { range: { base: null, commits: [commit('c10'), commit('c11')] } }), collaborators);
    expect(again.cycle.commits).toEqual(['c10', 'c11']);
    await wakeCycle(request('c12', { range: { base: null, commits: [commit('c10'), commit('c11'), commit('c12')] } }), collaborators);
    // Two commits are taught with twice the tokens of one, three with no more.
    expect(budgets.map((tokens) => tokens / present(budgets[0]))).toEqual([1, 2, 2]);
  });

  it('stops with an assertion when a pair shows a probe', async () => {
    const leaking = makePair({ ...pair(7), example: { prompt: { kind: 'question', repository: 'demo', question: 'what is asserted?' }, answer: 'expectjudge(valueOfjudgec1, 100003)' } });
    const { collaborators, request, model, disk } = scenario({ extraPairs: [leaking] });
    await expect(wakeCycle(request('c1'), collaborators)).rejects.toThrow(AssertionError);
    expect(model.trained).toEqual([]);
    expect([...disk.entries.keys()].filter((path) => path.includes('/branches/') || path.includes('/versions/'))).toEqual([]);
  });

  it('cancelled at any training leaves the store as it was', async () => {
    for (const batch of [1, 2]) {
      const cancel = new AbortController();
      let trainings = 0;
      const { collaborators, request, model, disk } = scenario({
        onTrain: () => {
          if (++trainings === batch) cancel.abort();
        },
      });
      await expect(wakeCycle(request('c1'), collaborators, { signal: cancel.signal })).rejects.toThrow(Cancelled);
      expect([...disk.entries.keys()].filter((path) => path.includes('/branches/') || path.includes('/versions/'))).toEqual([]);
      expect(model.handles.size).toBe(0);
    }
  });

  it('says so when the model wrote nothing usable', async () => {
    const { collaborators, request } = scenario();
    const structuralOnly = { ...collaborators, editors: { ...collaborators.editors, written: async () => [] } };
    const outcome = await wakeCycle(request('c1'), structuralOnly);
    expect(outcome.cycle.notes).toContain('structural only');
  });

  it('comes to the same version when it is run again from the same state', async () => {
    const run = async () => {
      const { collaborators, request } = scenario();
      const outcome = await wakeCycle(request('c1'), collaborators);
      return outcome.kind === 'promoted' ? outcome.version.id : outcome.kind;
    };
    expect(await run()).toBe(await run());
  });
});
