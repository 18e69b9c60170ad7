// The gates between a candidate and promotion: gain on the judging half, retention, general-code loss, tests, the gain again under a second seed.
// All comparisons are paired with the active version; what the active version scores is measured once and kept.
import { unreachable } from '../base/assert.ts';
import type { AdapterHandle } from '../base/prompt.ts';
import { pairedInterval } from '../reward/bootstrap.ts';
import { differencesOf, type LogLikelihoods, type ScoredItem } from '../reward/denseGain.ts';
import { generalLossGate, limits, retentionGate, type GeneralLossGate, type RetentionGate } from '../reward/gates.ts';
import type { Interval, Probe, Span } from '../reward/probe.ts';
import { rewardValue } from '../reward/rewardValue.ts';
import type { IntervalFigure, RejectionReason, RewardRecord } from '../store/version.ts';
import type { Measures, TestsOutcome } from './collaborators.ts';
import { learning } from './constants.ts';
import type { LanguageModel } from './languageModel.ts';
import { likelihoods } from './likelihoods.ts';
import type { ScoreMemory } from './scoreMemory.ts';

export interface Judgement {
  /** Null: every gate was passed. */
  readonly failure: { readonly reason: RejectionReason; readonly explanation: string } | null;
  readonly reward: RewardRecord;
  /** Dense gain under the second seed; null: not asked, since the first decided. */
  readonly secondSeed: IntervalFigure | null;
  readonly notes: readonly string[];
  /** What the first adapter scored, by item. */
  readonly scores: LogLikelihoods;
}

/** The same candidate under two seeds; the second is trained only when it is asked for. */
export interface UnderTwoSeeds {
  readonly first: string;
  readonly second: () => Promise<string>;
  /** What the first scored already; absent: nothing. */
  readonly known?: LogLikelihoods;
}

export interface Bench {
  readonly model: LanguageModel;
  readonly measures: Measures;
  readonly active: AdapterHandle;
  readonly commit: string;
  /** The judging half. */
  readonly probes: readonly Probe[];
  readonly spans: readonly Span[];
  readonly older: readonly Probe[];
  readonly general: readonly ScoredItem[];
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What the active version and the base score, by the bench's item lists. */
export interface Baseline {
  readonly probes: LogLikelihoods;
  /** Scored once, and only for what gained. */
  readonly others: () => Promise<OtherBaseline>;
}

interface OtherBaseline {
  readonly older: LogLikelihoods;
  readonly general: LogLikelihoods;
  readonly baseGeneral: LogLikelihoods;
}

/** `memory` remembers what a version scored when it was judged itself: most of the baseline of the next cycle. */
export async function baselineOf(bench: Bench, memory?: { readonly scores: ScoreMemory; readonly version: string | null }): Promise<Baseline> {
  const scored = async (items: readonly ScoredItem[], adapter: AdapterHandle, version: string | null): Promise<LogLikelihoods> => {
    const known = memory?.scores.of(version) ?? new Map<string, number>();
    const [fresh] = await likelihoods(bench.model, items.filter(({ id }) => !known.has(id)), [adapter], bench.signal);
    memory?.scores.remember(version, fresh ?? new Map());
    return new Map([...only(known, items), ...(fresh ?? [])]);
  };
  const version = memory?.version ?? null;
  const others = async (): Promise<OtherBaseline> => {
    const all = await scored([...bench.older, ...bench.general], bench.active, version);
    const base = bench.active === null ? all : await scored(bench.general, null, null);
    return { older: only(all, bench.older), general: only(all, bench.general), baseGeneral: only(base, bench.general) };
  };
  const probes = await scored(bench.probes, bench.active, version);
  let known: Promise<OtherBaseline> | undefined;
  return { probes, others: () => (known ??= others()) };
}

/**
 * The first adapter would serve. What it may have harmed is asked only where it gained, its tests are run only where its likelihoods have passed their
 * gates, and the second adapter is asked for only where the first has passed all.
 */
export async function judge(bench: Bench, baseline: Baseline, adapters: UnderTwoSeeds): Promise<Judgement> {
  const gained = await scoredBy(bench, bench.probes, adapters.first);
  const { dense, isAboveChance } = gainOf(bench, baseline, gained);
  const harm = isAboveChance ? await harmOf(bench, baseline, adapters) : null;
  const underFirst: Judgement['failure'] =
    harm === null ? { reason: 'noGain', explanation: `gain on ${bench.probes.length} held-out probes ${figureText(dense)} nats per token: not above chance` } : failureOf(harm);
  const tests =
    underFirst === null
      ? await bench.measures.compareTests({
          commit: bench.commit,
          spans: bench.spans,
          active: bench.active,
          candidate: adapters.first,
          seed: bench.seed,
          ...(bench.signal ? { signal: bench.signal } : {}),
        })
      : null;
  const comparison = tests?.kind === 'compared' ? tests.comparison : null;
  const withTests: Judgement['failure'] =
    comparison?.verdict === 'worse'
      ? { reason: 'testsFell', explanation: `passes on ${comparison.informative} spans fell from ${comparison.before} to ${comparison.after} of ${comparison.trials}` }
      : underFirst;
  const again = withTests === null ? await gainAgain(bench, baseline, await adapters.second()) : null;
  const failure: Judgement['failure'] =
    again !== null && !again.isAboveChance
      ? { reason: 'unstable', explanation: `the gain ${figureText(dense)} did not come again under a second seed: ${figureText(again.dense)}` }
      : withTests;
  return {
    failure,
    reward: {
      value: rewardValue({ testsChange: comparison?.change ?? 0, denseGain: dense.mean }),
      dense: figure(dense),
      probes: bench.probes.length,
      tests: testsRecord(tests),
      retention: harm?.retention.interval ? figure(harm.retention.interval) : null,
      generalLossChange: harm?.general?.cycleChange ?? null,
    },
    secondSeed: again === null ? null : figure(again.dense),
    notes: tests?.note === undefined ? [] : [tests.note],
    scores: new Map([...gained, ...(harm?.scores ?? [])]),
  };
}

interface Harm {
  readonly retention: RetentionGate;
  /** Null: there is no such code. */
  readonly general: GeneralLossGate | null;
  readonly scores: LogLikelihoods;
}

async function harmOf(bench: Bench, baseline: Baseline, { first, known = new Map() }: UnderTwoSeeds): Promise<Harm> {
  const before = await baseline.others();
  const asked = [...bench.older, ...bench.general].filter(({ id }) => !known.has(id));
  const scores = new Map([...known, ...(await scoredBy(bench, asked, first))]);
  return {
    retention: retentionGate(differencesOf(bench.older, { active: before.older, candidate: only(scores, bench.older) }), bench.seed),
    general: bench.general.length === 0 ? null : generalLossGate({ base: before.baseGeneral, active: before.general, candidate: only(scores, bench.general) }),
    scores,
  };
}

function failureOf({ retention, general }: Harm): Judgement['failure'] {
  if (retention.kind === 'forgot') {
    return { reason: 'forgot', explanation: `probes of older commits lost ${figureText(retention.interval)} nats per token (limit -${limits.retentionLoss})` };
  }
  if (general === null || general.kind === 'held') return null;
  const [change, limit] = general.kind === 'rosePerCycle' ? [general.cycleChange, limits.generalLossPerCycle] : [general.totalChange, limits.generalLossInAll];
  return { reason: 'generalLoss', explanation: `loss on code of other projects rose by ${percent(change)} (limit ${percent(limit)}${general.kind === 'roseInAll' ? ' since the base model' : ''})` };
}

async function scoredBy(bench: Bench, items: readonly ScoredItem[], adapter: string): Promise<LogLikelihoods> {
  const [scores = new Map()] = await likelihoods(bench.model, items, [adapter], bench.signal);
  return scores;
}

/** The gate of general code alone: what the adapter scored, or null where it did not pass. */
export async function keptGeneralCode(bench: Bench, baseline: Baseline, adapter: string): Promise<LogLikelihoods | null> {
  const { general: active, baseGeneral: base } = await baseline.others();
  const candidate = await scoredBy(bench, bench.general, adapter);
  return generalLossGate({ base, active, candidate }).kind === 'held' ? candidate : null;
}

/** Reasons that a smaller step between active and candidate may cure. */
export function mayBeInterpolated(reason: RejectionReason): boolean {
  switch (reason) {
    case 'testsFell':
    case 'forgot':
    case 'generalLoss':
      return true;
    case 'noGain':
    case 'tooFewProbes':
    case 'tooFewPairs':
    case 'unstable':
    case 'placebo':
      return false;
    default:
      return unreachable(reason);
  }
}

interface Gain {
  /** As it is shown: 90 %. */
  readonly dense: Interval;
  /** At the level that decides. */
  readonly isAboveChance: boolean;
}

function gainOf({ probes, seed }: Bench, baseline: Baseline, candidate: LogLikelihoods): Gain {
  const differences = differencesOf(probes, { active: baseline.probes, candidate });
  return { dense: pairedInterval(differences, { seed }), isAboveChance: pairedInterval(differences, { seed, level: learning.confidence }).low > 0 };
}

async function gainAgain(bench: Bench, baseline: Baseline, adapter: string): Promise<Gain> {
  return gainOf(bench, baseline, await scoredBy(bench, bench.probes, adapter));
}

export function figure(interval: Interval): IntervalFigure {
  return { gain: interval.mean, low: finite(interval.low), high: finite(interval.high) };
}

function testsRecord(tests: TestsOutcome | null): RewardRecord['tests'] {
  if (tests === null) return { informative: 0, before: 0, after: 0, verdict: 'inconclusive', note: 'not run' };
  if (tests.kind === 'notRunnable') return { informative: 0, before: 0, after: 0, verdict: 'notRunnable', note: tests.note };
  const { informative, before, after, trials, verdict, change, changeLow, changeHigh } = tests.comparison;
  const compared = trials === 0 ? {} : { trials, change: { gain: change, low: changeLow, high: changeHigh } };
  return { informative, before, after, ...compared, verdict, ...(tests.note === undefined ? {} : { note: tests.note }) };
}

function only(all: LogLikelihoods | undefined, items: readonly ScoredItem[]): LogLikelihoods {
  return new Map(items.flatMap(({ id }) => (all?.has(id) ? [[id, all.get(id) as number] as const] : [])));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function figureText(interval: Interval): string {
  return `${interval.mean.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
