// The whole measuring of one commit behind two questions: which items are kept out to measure with, and did the tests rise or fall?
// Test trees are checked out when tests are first asked for, since most candidates fail the cheaper gates before.
import { present } from '../base/assert.ts';
import type { AdapterHandle } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Sandbox } from '../base/sandbox.ts';
import type { Change, FileVersions } from '../syntax/declaration.ts';
import { fimPrompt } from '../syntax/promptContext.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { findProbes } from './findProbes.ts';
import { assignHalves } from './halves.ts';
import type { FillIn } from './model.ts';
import type { OutcomeCache } from './outcomeCache.ts';
import type { Half, Probe, Span } from './probe.ts';
import type { PromptAt, SourceTree } from './sourceTree.ts';
import { rememberedFillIn } from './rememberedFillIn.ts';
import { spanCandidates } from './spanCandidates.ts';
import { createSpanJudge } from './spanJudge.ts';
import { prepareSpans, trySpans } from './spanTrials.ts';
import type { SpanSet, SpanTrialParts } from './spanTrials.ts';
import { describeNotRunnable, lockFiles, planTests } from './testPlan.ts';
import type { InstalledDependencies, TestPlan } from './testPlan.ts';
import { TestRunner, type KnownSteady } from './testRunner.ts';
import { compareTests, minimumInformativeSpans } from './testsVerdict.ts';
import type { TestsComparison } from './testsVerdict.ts';

/** A commit's files, listed at once and written to disk only when asked for. */
export interface CommitTree {
  /** Object name of the tree. */
  readonly id: string;
  /** Every path. */
  readonly paths: readonly string[];
  /** package.json and lock files are asked for. */
  readText(path: string): Promise<string | undefined>;
  /** Writes the tree into a new folder, without a git directory; the caller disposes. */
  checkOut(): Promise<{ readonly folder: string; dispose(): Promise<void> }>;
}

export interface MeasuresParts {
  readonly tools: PromptTools & { readonly syntax: Syntax };
  readonly fillIn: FillIn;
  /** Null: the user turned tests off. */
  readonly sandbox: Sandbox | null;
  readonly treeOf: (commit: string) => Promise<CommitTree>;
  /** What is installed in the working tree; null: nothing. */
  readonly installed: () => Promise<InstalledDependencies | null>;
  /** The user's own test command; null or absent: what package.json says. */
  readonly testCommand?: string | null;
  /** Halves that stored probes have, by id (`knownHalves`). */
  readonly knownHalves: () => Promise<ReadonlyMap<string, Half>>;
  readonly cache: OutcomeCache;
  readonly budget?: Partial<MeasuringBudget>;
}

export interface MeasuringBudget {
  /** Probes of one commit. */
  readonly probes: number;
  /** Span candidates of each granularity. */
  readonly spansPerGranularity: number;
  /** Informative spans after which no more are looked for. */
  readonly spans: number;
  /** Fill-ins per span and adapter. */
  readonly samples: number;
  /**
   * Test files run per commit to find spans and to judge the active version on them. A candidate's own runs, at most spans x samples, come on top:
   * a verdict must never be missing because the search was long.
   */
  readonly runs: number;
}

/** 20 s in all for a cycle on two cores; a test file under a TypeScript loader costs half a second of one. */
export const measuringBudget: MeasuringBudget = { probes: 48, spansPerGranularity: 4, spans: 5, samples: 2, runs: 30 };

export interface MeasuredCommit {
  readonly repository: string;
  readonly commit: string;
  readonly changes: readonly Change[];
  readonly versions: readonly FileVersions[];
  /** Source files of the tree after the commit. */
  readonly files: ReadonlyMap<string, string>;
}

export interface MeasuringItems {
  readonly probes: readonly Probe[];
  readonly spans: readonly Span[];
  readonly notes: readonly string[];
}

export interface CompareRequest {
  readonly commit: string;
  readonly spans: readonly Span[];
  readonly active: AdapterHandle;
  readonly candidate: AdapterHandle;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export type TestsOutcome =
  | { readonly kind: 'compared'; readonly comparison: TestsComparison; readonly note?: string }
  | { readonly kind: 'notRunnable'; readonly note: string };

export interface RewardMeasures {
  items(material: MeasuredCommit, options?: { readonly signal?: AbortSignal }): Promise<MeasuringItems>;
  compareTests(request: CompareRequest): Promise<TestsOutcome>;
  /** Removes the last commit's test tree. */
  dispose(): Promise<void>;
}

interface Opened {
  readonly commit: string;
  readonly runner: TestRunner;
  readonly parts: Omit<SpanTrialParts, 'seed'>;
  readonly checkout: { dispose(): Promise<void> };
  /** By active adapter and seed: candidates of one cycle are compared with the same fill-ins. */
  readonly sets: Map<string, SpanSet>;
}

export function createMeasures(parts: MeasuresParts): RewardMeasures {
  const budget: MeasuringBudget = { ...measuringBudget, ...parts.budget };
  const { syntax } = parts.tools;
  let latest: { readonly commit: string; readonly tree: SourceTree; readonly plan: TestPlan } | null = null;
  let opened: Opened | null = null;
  /** Of this learner's commits so far. */
  const steady: KnownSteady = new Map();

  const items = async (material: MeasuredCommit): Promise<MeasuringItems> => {
    const commitTree = await parts.treeOf(material.commit);
    const plan = await planOf(commitTree, parts);
    const tree: SourceTree = { repository: material.repository, commit: material.commit, tree: commitTree.id, texts: material.files };
    latest = { commit: material.commit, tree, plan };
    const testFiles = plan.kind === 'runnable' ? plan.testFiles : [...material.files.keys()].filter((path) => /(?:^|\/)tests?\/|[.-]test\.|\.spec\./.test(path));
    const promptIn = (texts: ReadonlyMap<string, string>): PromptAt => (place) =>
      fimPrompt({ ...place, repository: material.repository, textOf: (path) => texts.get(path) }, parts.tools);
    const promptAt = promptIn(material.files);
    const textsBefore = filesBefore(material);
    const random = new Random(`measure ${material.commit}`);
    // Pairs come later and are checked against these items, so nothing is in a pair yet.
    const shared = { tree, changes: material.changes, testFiles, promptAt, inPair: () => false };
    const before = textsBefore.size === 0 ? null : { texts: textsBefore, promptAt: promptIn(textsBefore) };
    const probes = findProbes({ ...shared, versions: material.versions, before, random: random.fork('probes'), budget: budget.probes }, syntax);
    const spans = plan.kind === 'runnable' && parts.sandbox !== null ? spanCandidates({ ...shared, random: random.fork('spans'), perGranularity: budget.spansPerGranularity }, syntax) : [];
    const known = await parts.knownHalves();
    const isTest = (path: string) => testFiles.includes(path);
    const ofProbes = assignHalves({ items: probes, known, isTest });
    const ofSpans = assignHalves({ items: spans.map(({ id, path, range }) => ({ id, path, at: range.start })), known, isTest });
    const notes = plan.kind === 'notRunnable' ? [describeNotRunnable(plan)] : parts.sandbox === null ? ['tests are turned off'] : [];
    return {
      probes: probes.map(({ at: _at, ...probe }) => ({ ...probe, half: present(ofProbes.get(probe.id)) })),
      spans: spans.map((span) => ({ ...span, half: present(ofSpans.get(span.id)) })),
      notes,
    };
  };

  const open = async (commit: string, sandbox: Sandbox): Promise<Opened | { readonly note: string }> => {
    if (opened?.commit === commit) return opened;
    await dispose();
    if (latest?.commit !== commit) return { note: 'tests not runnable: the commit was not measured before' };
    const { plan, tree } = latest;
    if (plan.kind === 'notRunnable') return { note: describeNotRunnable(plan) };
    const checkout = await (await parts.treeOf(commit)).checkOut();
    const runner = new TestRunner({ sandbox, plan, folder: checkout.folder, runs: budget.runs, known: steady });
    const judge = createSpanJudge({ tree, syntax, runner, cache: parts.cache });
    opened = { commit, runner, checkout, sets: new Map(), parts: { judge, runner, fillIn: rememberedFillIn(parts.fillIn), samples: budget.samples, wanted: budget.spans, runs: budget.runs } };
    return opened;
  };

  const compare = async (request: CompareRequest): Promise<TestsOutcome> => {
    const { commit, spans, seed } = request;
    if (parts.sandbox === null) return { kind: 'notRunnable', note: 'tests are turned off' };
    if (latest?.commit === commit && latest.plan.kind === 'notRunnable') return { kind: 'notRunnable', note: describeNotRunnable(latest.plan) };
    // Nothing to run is known without checking a tree out.
    if (spans.length === 0) return { kind: 'compared', comparison: compareTests([], seed), note: 'no code that tests reach was masked' };
    const bench = await open(commit, parts.sandbox);
    if ('note' in bench) return { kind: 'notRunnable', note: bench.note };
    try {
      return await compareOn(bench, request);
    } finally {
      await bench.runner.close();
    }
  };

  const compareOn = async (bench: Opened, { spans, active, candidate, seed, signal }: CompareRequest): Promise<TestsOutcome> => {
    const trial: SpanTrialParts = { ...bench.parts, seed };
    const name = `${active ?? ''}\0${seed}`;
    const set = bench.sets.get(name) ?? (await prepareSpans(spans, { active, candidate }, trial, signal));
    bench.sets.set(name, set);
    if (bench.runner.unavailable !== null) {
      return { kind: 'notRunnable', note: describeNotRunnable({ kind: 'notRunnable', reason: 'noSandbox', explanation: bench.runner.unavailable }) };
    }
    if (set.kind === 'inconclusive') return { kind: 'compared', comparison: { ...compareTests([], seed), informative: set.informative }, note: set.note };
    const passes = await trySpans(set, candidate, trial, signal);
    const lost = set.spans.length - passes.length;
    const notes = [set.note, lost === 0 ? '' : `${lost} spans could not be run`].filter((note) => note !== '');
    if (passes.length < minimumInformativeSpans) notes.push(`${passes.length} spans could be compared`);
    return { kind: 'compared', comparison: compareTests(passes, seed), ...(notes.length === 0 ? {} : { note: notes.join('; ') }) };
  };

  const dispose = async (): Promise<void> => {
    const last = opened;
    opened = null;
    await last?.checkout.dispose();
  };

  return { items: (material) => items(material), compareTests: compare, dispose };
}

/** The source files of the tree before the changes. */
function filesBefore({ files, versions }: MeasuredCommit): Map<string, string> {
  const texts = new Map(files);
  for (const { path } of versions) texts.delete(path);
  for (const { oldPath, before } of versions) if (before !== null) texts.set(oldPath, before);
  return texts;
}

async function planOf(tree: CommitTree, parts: MeasuresParts): Promise<TestPlan> {
  const texts = new Map<string, string>();
  for (const path of lockFiles) {
    const text = tree.paths.includes(path) ? await tree.readText(path) : undefined;
    if (text !== undefined) texts.set(path, text);
  }
  return planTests({ paths: tree.paths, textOf: (path) => texts.get(path), installed: await parts.installed(), command: parts.testCommand ?? null });
}
