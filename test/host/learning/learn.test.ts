// `graft learn` and its neighbours on real repositories: real git, syntax, filters, self-edits and store; model and measures are scripted.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import type { AuthorPolicy } from '../../../server/filters/filters.ts';
import { HostFileLock } from '../../../server/host/fileLock.ts';
import { nodeFiles } from '../../../server/host/nodeFiles.ts';
import { systemClock } from '../../../server/host/systemClock.ts';
import { createLearner } from '../../../server/learning/createLearner.ts';
import { forgetCommits } from '../../../server/learning/forgetCommits.ts';
import { learn, type Learner, type LearnOptions, type LearnResult } from '../../../server/learning/learn.ts';
import { retrain } from '../../../server/learning/retrain.ts';
import { log } from '../../../server/learning/review.ts';
import { readPairs } from '../../../server/learning/storedItems.ts';
import { sleepCycle } from '../../../server/learning/sleepCycle.ts';
import type { Probe, Span } from '../../../server/reward/probe.ts';
import { readBranch } from '../../../server/store/branchFile.ts';
import { reset } from '../../../server/store/movePointer.ts';
import { storeAccess } from '../../../server/store/storeAccess.ts';
import { strikePairs } from '../../../server/store/struckPairs.ts';
import { readVersion } from '../../../server/store/versionFolder.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';
import { modelHash } from '../../support/sampleVersion.ts';
import { ScriptedModel } from '../../support/scriptedModel.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';
import { trainings } from '../../support/wakeScenario.ts';

let repository: TemporaryRepository;
beforeEach(() => {
  repository = new TemporaryRepository();
});
afterEach(() => repository.dispose());
const syntax = loadedSyntax();
afterAll(async () => (await syntax).dispose());

interface OpenedLearner extends Learner {
  readonly model: ScriptedModel;
}

async function openLearner(options: { readonly authors?: AuthorPolicy; readonly sleepWins?: boolean; readonly sleepHarms?: boolean; readonly undecided?: boolean; readonly spans?: readonly Span[] } = {}): Promise<OpenedLearner> {
  const opened = await repository.open();
  const model = new ScriptedModel(nodeFiles, {
    score: (item, adapter) => {
      const { prompt } = item.example;
      if (prompt.kind !== 'question' || !prompt.question.startsWith('probe')) return options.sleepHarms && adapter?.startsWith('sleep') && !adapter.includes('@') ? -2.2 : -2;
      if (adapter?.startsWith('sleep')) return options.sleepWins ? -0.5 : -1.9;
      if (options.undecided && adapter !== null) return Number(prompt.question.slice('probe '.length)) % 8 < 4 ? -1.8 : -2.2;
      return -2 + trainings(adapter) / 10;
    },
    generate: () => 'nothing of use',
  });
  const learner = createLearner({
    repository: opened,
    syntax: await syntax,
    model,
    store: storeAccess({ files: nodeFiles, lock: new HostFileLock(systemClock), clock: systemClock, root: `${opened.commonDir}/graft` }),
    clock: systemClock,
    files: nodeFiles,
    sandbox: null,
    authors: options.authors ?? { kind: 'everyone' },
    temporaryFolder: `${repository.root}/temporary`,
    random: new Random(1),
  });
  return { ...learner, model, measures: { items: async ({ commit }) => ({ probes: probesOf(commit), spans: options.spans ?? [], notes: [] }), compareTests: async () => ({ kind: 'notRunnable', note: '' }) } };
}

function probesOf(commit: string): Probe[] {
  return Array.from({ length: 16 }, (_, i) => ({
    id: `${commit}-${i}`,
    kind: 'quiz' as const,
    path: `probes/${i % 4}.ts`,
    declaration: `question${i}`,
    commit,
    half: i % 2 === 0 ? ('judge' as const) : ('select' as const),
    example: { prompt: { kind: 'question' as const, repository: 'project', question: `probe ${i}` }, answer: `heldOutAnswer${i}OfCommit${commit}` },
  }));
}

function learnNow(learner: Learner, options: Partial<LearnOptions> = {}): Promise<LearnResult> {
  return learn(learner, { seed: 1, candidates: 1, placebo: 'never', waitMs: 0, ...options });
}

/** Commits one file with a few functions that have something to say. */
function commitFunctions(name: string, author?: string): string {
  const functions = ['open', 'close', 'read', 'write', 'sync'].map(
    (verb) => `/** ${verb} the ${name}. */\nexport function ${verb}${name}(path: string, options: { retries: number }): string {\n  const ${verb}Count = options.retries + path.length;\n  return \`\${path}:${verb}:\${${verb}Count}\`;\n}\n`,
  );
  return repository.commit(`Add ${name}`, { [`src/${name}.ts`]: functions.join('\n') }, author);
}

async function lineOf(learner: Learner, branch = 'main') {
  return (await readBranch(learner.store, branch))?.lines[modelHash];
}

describe('learning a repository', () => {
  it('learns what is new, once, and goes on from there', async () => {
    const first = commitFunctions('Ledger');
    const learner = await openLearner();
    expect(await learnNow(learner)).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { commits: [first] } }] });
    expect(await learnNow(learner)).toMatchObject({ kind: 'nothing', reason: 'nothingToLearn' });
    const second = commitFunctions('Journal');
    const third = commitFunctions('Account');
    expect(await learnNow(learner)).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { commits: [second, third] } }] });
    const [branch] = await log(learner.store, { modelHash });
    expect(branch).toMatchObject({ branch: 'main', learntUpTo: third });
    expect(branch?.moves.map(({ kind, commits }) => [kind, commits])).toEqual([
      ['promote', [second, third]],
      ['promote', [first]],
      ['create', undefined],
    ]);
  });

  it('steps through the first commits within a budget and resumes where it stopped', async () => {
    const commits = ['Ledger', 'Journal', 'Account'].map((name) => commitFunctions(name));
    const learner = await openLearner();
    expect(await learnNow(learner, { budgetMs: 0 })).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted' }], remainingCommits: 2 });
    expect((await lineOf(learner))?.learntUpTo).toBe(commits[0]);
    const rest = await learnNow(learner, { eachCommit: true });
    expect(rest).toMatchObject({ kind: 'learnt', remainingCommits: 0, outcomes: [{ kind: 'promoted' }, { kind: 'promoted' }] });
  });

  it('asks what waits again only when a commit teaches something new', async () => {
    const first = commitFunctions('Ledger');
    const learner = await openLearner({ undecided: true });
    expect(await learnNow(learner)).toMatchObject({ outcomes: [{ kind: 'rejected', reason: 'noGain', carriedOver: true }] });
    const trainings = learner.model.trained.length;
    const words = repository.commit('Words', { 'README.md': 'What a ledger is.' });
    expect(await learnNow(learner)).toMatchObject({ outcomes: [{ kind: 'skipped', cycle: { commits: [words] } }] });
    expect(learner.model.trained).toHaveLength(trainings);
    expect((await lineOf(learner))?.learntUpTo).toBeNull();
    // Nor is it asked again by being started again; a reset asks everything again.
    expect(await learnNow(learner)).toMatchObject({ kind: 'nothing', notes: [expect.stringContaining('waits')] });
    expect(learner.model.trained).toHaveLength(trainings);
    await reset(learner.store, { branch: 'main', modelHash, to: 'base', relearn: true });
    expect(await learnNow(learner)).toMatchObject({ outcomes: [{ kind: 'rejected' }, { kind: 'skipped' }] });
    const second = commitFunctions('Journal');
    expect(await learnNow(learner)).toMatchObject({ outcomes: [{ kind: 'rejected', cycle: { commits: [first, words, second] } }] });
  });

  it('does so too when it learns commit by commit', async () => {
    const first = commitFunctions('Ledger');
    const words = repository.commit('Words', { 'README.md': 'What a ledger is.' });
    const second = commitFunctions('Journal');
    const result = await learnNow(await openLearner({ undecided: true }), { eachCommit: true });
    expect(result).toMatchObject({ outcomes: [{ kind: 'rejected' }, { kind: 'skipped' }, { kind: 'rejected', cycle: { commits: [first, words, second] } }] });
  });

  it('learns up to a commit on a branch that is not checked out', async () => {
    const first = commitFunctions('Ledger');
    repository.git('switch', '--quiet', '--create', 'feature');
    const second = commitFunctions('Journal');
    commitFunctions('Account');
    repository.git('switch', '--quiet', 'main');
    const learner = await openLearner();
    const result = await learnNow(learner, { branch: 'feature', upTo: second, eachCommit: true });
    expect(result).toMatchObject({ kind: 'learnt', branch: 'feature', outcomes: [{ version: { commits: [first] } }, { version: { commits: [second] } }] });
    expect(await lineOf(learner)).toBeUndefined();
  });

  it.each([
    ['an empty repository', () => undefined, 'noCommits'],
    [
      'a detached HEAD',
      () => {
        commitFunctions('Ledger');
        repository.git('checkout', '--quiet', '--detach');
      },
      'detachedHead',
    ],
    [
      'a merge in progress',
      () => {
        repository.commit('Base', { 'a.ts': 'export const a = 1;\n' });
        repository.git('switch', '--quiet', '--create', 'other');
        repository.commit('Other', { 'a.ts': 'export const a = 2;\n' });
        repository.git('switch', '--quiet', 'main');
        repository.commit('Main', { 'a.ts': 'export const a = 3;\n' });
        try {
          repository.git('merge', 'other');
        } catch {
          // The conflict is the point.
        }
      },
      'operationInProgress',
    ],
  ])('learns nothing from %s', async (_title, prepare, reason) => {
    prepare();
    expect(await learnNow(await openLearner())).toMatchObject({ kind: 'nothing', reason });
  });

  it('tells a second process that one is learning', async () => {
    commitFunctions('Ledger');
    const [first, second] = [await openLearner(), await openLearner()];
    const results = await Promise.allSettled([learnNow(first), learnNow(second)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'busy' } });
    expect((await lineOf(first))?.history.map(({ kind }) => kind)).toEqual(['create', 'promote']);
  });

  it('says when a range or branch does not exist', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await expect(learnNow(learner, { range: 'nowhere..HEAD' })).rejects.toMatchObject({ code: 'unknownCommit' });
    await expect(learnNow(learner, { branch: 'nowhere' })).rejects.toMatchObject({ code: 'unknownBranch' });
  });

  it('passes over commits whose author is not approved', async () => {
    commitFunctions('Ledger');
    commitFunctions('Intruder', 'Eve <eve@example.org>');
    const learner = await openLearner({ authors: { kind: 'approved', emails: ['ada@example.com'], commits: new Set() } });
    const result = await learnNow(learner, { range: 'HEAD' });
    expect(result).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'skipped', reason: 'authorNotApproved' }] });
    const both = await learnNow(learner);
    expect(both.kind === 'learnt' && both.outcomes.map(({ kind }) => kind)).toEqual(['promoted', 'skipped']);
    const active = (await lineOf(learner))?.active ?? '';
    expect((await readVersion(learner.store, active)).pairs.every(({ path }) => path === 'src/Ledger.ts')).toBe(true);
  });

  it('leaves out generated, ignored and secret files, each with its reason', async () => {
    repository.commit('Everything', {
      '.graftignore': 'private/\n',
      'private/plans.ts': 'export const plans = 1;\n',
      'package-lock.json': '{}\n',
      'src/key.ts': "export const awsSecretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';\nexport const awsAccessKeyId = 'AKIAIOSFODNN7REALKEY';\n",
      'src/broken.ts': 'export function half(a: {\n',
      'src/api.generated.ts': '// @generated\nexport const api = 1;\n',
    });
    commitFunctions('Ledger');
    const result = await learnNow(await openLearner(), { range: 'HEAD~1' });
    expect(result.kind === 'learnt' && result.outcomes[0]?.cycle.leftOut).toEqual(
      expect.arrayContaining([
        { path: 'private/plans.ts', reason: 'ignored' },
        { path: 'package-lock.json', reason: 'lockFile' },
        { path: 'src/key.ts', reason: 'secret' },
        { path: 'src/api.generated.ts', reason: 'generated' },
      ]),
    );
  });
});

describe('branches and history', () => {
  it('starts a new branch from the version of its nearest merge base', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await learnNow(learner);
    const shared = (await lineOf(learner))?.active;
    repository.git('switch', '--quiet', '--create', 'feature');
    commitFunctions('Journal');
    repository.git('switch', '--quiet', 'main');
    commitFunctions('Account');
    await learnNow(learner);
    repository.git('switch', '--quiet', 'feature');
    const result = await learnNow(learner);
    expect(result).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { parent: shared } }] });
    expect((await lineOf(learner, 'feature'))?.history.map(({ kind }) => kind)).toEqual(['create', 'promote']);
  });

  it('takes a branch made again under its name for another one', async () => {
    const base = commitFunctions('Ledger');
    const learner = await openLearner();
    repository.git('switch', '--quiet', '--create', 'feature');
    commitFunctions('Journal');
    await learnNow(learner);
    const thrownAway = (await lineOf(learner, 'feature'))?.active;
    repository.git('switch', '--quiet', 'main');
    repository.git('branch', '-D', 'feature');
    await learnNow(learner, { upTo: base });
    repository.git('switch', '--quiet', '--create', 'feature', base);
    const again = commitFunctions('Account');
    const result = await learnNow(learner);
    expect(result).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { commits: [again] } }] });
    expect(result.kind === 'learnt' && result.outcomes[0]?.kind === 'promoted' && result.outcomes[0].version.parent).not.toBe(thrownAway);
  });

  it('keeps the version when a commit was only reworded', async () => {
    commitFunctions('Ledger');
    commitFunctions('Journal');
    const learner = await openLearner();
    await learnNow(learner);
    const before = (await lineOf(learner))?.active;
    repository.git('commit', '--quiet', '--amend', '-m', 'Reworded');
    const head = repository.git('rev-parse', 'HEAD');
    const again = await learnNow(learner);
    expect(again, JSON.stringify(again.notes)).toMatchObject({ kind: 'nothing' });
    expect(await lineOf(learner)).toMatchObject({ active: before, learntUpTo: head });
  });

  it('knows what was learnt by its patches when the old commits are gone', async () => {
    const base = commitFunctions('Ledger');
    commitFunctions('Journal');
    const learner = await openLearner();
    await learnNow(learner);
    const before = (await lineOf(learner))?.active;
    const old = repository.git('rev-parse', 'HEAD');
    repository.git('reset', '--quiet', '--soft', base);
    repository.git('commit', '--quiet', '-m', 'The same under another name');
    repository.git('commit', '--quiet', '--amend', '--no-edit', '--date', '2001-01-01T00:00:00');
    repository.git('reflog', 'expire', '--expire=now', '--all');
    repository.git('gc', '--quiet', '--prune=now');
    expect(await learner.repository.commit(old)).toBeNull();
    expect(await learnNow(learner)).toMatchObject({ kind: 'nothing' });
    expect(await lineOf(learner)).toMatchObject({ active: before, learntUpTo: repository.git('rev-parse', 'HEAD') });
    const fresh = commitFunctions('Account');
    expect(await learnNow(learner)).toMatchObject({ outcomes: [{ kind: 'promoted', version: { parent: before, commits: [fresh] } }] });
  });

  it('goes back to the shared version when what was learnt is gone from the tree', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await learnNow(learner);
    const shared = (await lineOf(learner))?.active;
    commitFunctions('Journal');
    await learnNow(learner);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const other = commitFunctions('Account');
    const result = await learnNow(learner);
    expect(result).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { parent: shared, commits: [other] } }] });
    expect((await lineOf(learner))?.history.map(({ kind }) => kind)).toEqual(['create', 'promote', 'promote', 'rewritten', 'promote']);
  });
});

describe('taking back', () => {
  it('forgets a commit: its versions go, the others are learnt again without it', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await learnNow(learner);
    const secret = commitFunctions('Journal');
    await learnNow(learner);
    const kept = commitFunctions('Account');
    await learnNow(learner);
    const forgotten = await forgetCommits(learner, { commits: ['HEAD~1'] });
    expect(forgotten).toMatchObject({ commits: [secret], rederive: [{ branch: 'main', commits: [kept] }] });
    const again = await learnNow(learner);
    expect(again).toMatchObject({ kind: 'learnt', outcomes: [{ kind: 'promoted', version: { commits: [secret, kept] } }] });
    const active = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    expect(active.pairs.every(({ path }) => path === 'src/Account.ts')).toBe(true);
    await expect(forgetCommits(learner, { author: 'nobody at all' })).rejects.toMatchObject({ code: 'unknownAuthor' });
  });

  it('retrains without the struck pairs, from the parent', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await learnNow(learner);
    const first = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    await expect(retrain(learner, { version: first.manifest.id, seed: 1 })).rejects.toMatchObject({ code: 'nothingStruck' });
    const struck = first.pairs[0]?.id ?? '';
    await strikePairs(learner.store, { strike: [struck] });
    const outcome = await retrain(learner, { version: first.manifest.id, seed: 1 });
    expect(outcome).toMatchObject({ kind: 'promoted', version: { parent: null, origin: 'retrain' } });
    const second = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    expect(second.pairs.map(({ id }) => id)).not.toContain(struck);
    expect(second.pairs).toHaveLength(first.pairs.length - 1);
  });

  it("retrains with the user's own answer, also the next time", async () => {
    commitFunctions('Ledger');
    const learner = await openLearner();
    await learnNow(learner);
    const first = (await lineOf(learner))?.active ?? '';
    const pair = readPairs((await readVersion(learner.store, first)).pairs)[0];
    const answer = `${pair?.example.answer} // as we write it`;
    for (const change of [{ edits: [{ pair: pair?.id ?? '', answer }] }, { restore: ['another'] }]) {
      const outcome = await retrain(learner, { version: (await lineOf(learner))?.active ?? '', seed: 1, ...change });
      expect(outcome.kind).toBe('promoted');
      const answers = readPairs((await readVersion(learner.store, (await lineOf(learner))?.active ?? '')).pairs);
      expect(answers.map(({ example }) => example.answer)).toContain(answer);
      expect(answers.map(({ id }) => id)).not.toContain(pair?.id);
    }
  });
});

describe('sleeping', () => {
  it.each([
    [true, 'promoted'],
    [false, 'rejected'],
  ])('derives the adapter again from the base and lets it serve only if it wins (%s)', async (sleepWins, kind) => {
    commitFunctions('Ledger');
    const learner = await openLearner({ sleepWins });
    await learnNow(learner);
    commitFunctions('Journal');
    await learnNow(learner);
    const wake = (await lineOf(learner))?.active ?? null;
    const outcome = await sleepCycle(learner, { branch: 'main', seed: 1 });
    expect(outcome.rederived.kind).toBe(kind);
    expect(outcome.policy).toMatchObject({ kind: 'kept', why: 'tooFewWinners' });
    const after = (await lineOf(learner))?.active ?? '';
    if (kind === 'rejected') return expect(after).toBe(wake);
    const version = await readVersion(learner.store, after);
    expect(version.manifest).toMatchObject({ origin: 'sleep', parent: wake, trainedFrom: null, commits: [repository.git('rev-parse', 'HEAD~1'), repository.git('rev-parse', 'HEAD')] });
    expect(new Set(version.pairs.map(({ path }) => path))).toEqual(new Set(['src/Ledger.ts', 'src/Journal.ts']));
    expect(await sleepCycle(learner, { branch: 'main', seed: 1 })).toMatchObject({ rederived: { kind: 'skipped', why: 'alreadyDerived' } });
  });

  it('shrinks a sleep that harms code of other projects, as a wake cycle would, and trains its second seed once', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner({ sleepWins: true, sleepHarms: true });
    await learnNow(learner);
    const before = learner.model.trained.length;
    expect(await sleepCycle(learner, { branch: 'main', seed: 1 })).toMatchObject({ rederived: { kind: 'promoted', version: { share: 0.5 } } });
    expect(learner.model.trained.slice(before).filter(({ name }) => name.startsWith('sleep'))).toHaveLength(2);
  });

  it('keeps the code that tests will ask for out of its pairs', async () => {
    commitFunctions('Ledger');
    const spans: Span[] = [];
    const learner = await openLearner({ sleepWins: true, spans });
    await learnNow(learner);
    const shown = readPairs((await readVersion(learner.store, (await lineOf(learner))?.active ?? '')).pairs).find(({ form }) => form === 'fim');
    const original = 'const syncCount = options.retries + path.length;';
    spans.push({ id: 'a', granularity: 'line', path: 'src/Ledger.ts', range: { start: 0, end: 1 }, original, example: { prompt: shown?.example.prompt ?? { kind: 'question', repository: 'project', question: '?' }, answer: original }, tests: [], half: 'judge', declaration: 'syncLedger' });
    await sleepCycle(learner, { branch: 'main', seed: 1 });
    const version = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    expect(version.manifest.origin).toBe('sleep');
    expect(version.pairs.length).toBeGreaterThan(0);
    expect(JSON.stringify(version.pairs)).not.toContain(original);
  });

  it('is retrained from the base without what was struck, and judged against what it was judged against', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner({ sleepWins: true });
    await learnNow(learner);
    commitFunctions('Journal');
    await learnNow(learner);
    const wake = (await lineOf(learner))?.active;
    await sleepCycle(learner, { branch: 'main', seed: 1 });
    const slept = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    const [struck, edited] = readPairs(slept.pairs);
    await strikePairs(learner.store, { strike: [struck?.id ?? ''] });
    const editedTo = (answer: string, pair = edited) => ({ edits: [{ pair: pair?.id ?? '', answer }] });
    expect(await retrain(learner, { version: slept.manifest.id, seed: 1, ...editedTo('as we say it') })).toMatchObject({ kind: 'promoted', version: { origin: 'sleep', parent: wake, trainedFrom: null, commits: slept.manifest.commits } });
    expect(learner.model.trained.at(-1)?.from).toBeNull();
    const again = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    expect(again.pairs.map(({ id }) => id)).not.toContain(struck?.id);
    const answered = readPairs(again.pairs).find(({ example }) => example.answer === 'as we say it');
    expect(answered).toBeDefined();
    expect(again.pairs).toHaveLength(slept.pairs.length - 1);
    // What was edited may be edited again.
    expect(await retrain(learner, { version: again.manifest.id, seed: 1, ...editedTo('as we say it now', answered) })).toMatchObject({ kind: 'promoted' });
    const last = readPairs((await readVersion(learner.store, (await lineOf(learner))?.active ?? '')).pairs).map(({ example }) => example.answer);
    expect(last).toContain('as we say it now');
    expect(last).not.toContain('as we say it');
    expect(last).toHaveLength(again.pairs.length);
  });

  it('learns what was typed over a suggestion once it is committed, and not before', async () => {
    commitFunctions('Ledger');
    const learner = await openLearner({ sleepWins: true });
    await learnNow(learner);
    const typed = (written: string) => ({ folder: repository.path, path: 'src/Ledger.ts', version: null, atMs: Date.now() + 60_000, confidence: 0.3, suggested: 'x', written, event: { kind: 'surprise' } });
    const lines = [typed('  const syncCount = options.retries + path.length;'), typed('  const neverCommitted = options.retries;')];
    await nodeFiles.append(learner.store.layout.feedback, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const before = new Set((await readVersion(learner.store, (await lineOf(learner))?.active ?? '')).pairs.map(({ id }) => id));
    expect((await sleepCycle(learner, { branch: 'main', seed: 1 })).rederived.kind).toBe('promoted');
    const version = await readVersion(learner.store, (await lineOf(learner))?.active ?? '');
    const added = readPairs(version.pairs).filter(({ id }) => !before.has(id));
    expect(added.length).toBeGreaterThan(0);
    for (const { form, declaration, example } of added) {
      expect([form, declaration]).toEqual(['fim', 'syncLedger']);
      expect('  const syncCount = options.retries + path.length;').toContain(example.answer);
    }
  });
});
