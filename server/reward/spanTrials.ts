// Spans from candidates to figures: which of them the tests can judge (informative), at which granularity the active version passes
// neither always nor never, and how often each adapter's fill-ins pass.
import { present } from '../base/assert.ts';
import type { AdapterHandle, GenerateItem } from '../base/prompt.ts';
import { brokenTexts } from './brokenSpan.ts';
import type { FillIn } from './model.ts';
import type { Granularity, Span } from './probe.ts';
import type { Filled, SpanJudge } from './spanJudge.ts';
import type { TestRunner } from './testRunner.ts';
import { minimumInformativeSpans } from './testsVerdict.ts';
import type { SpanPasses } from './testsVerdict.ts';

export interface SpanTrialParts {
  readonly judge: SpanJudge;
  readonly runner: TestRunner;
  readonly fillIn: FillIn;
  readonly seed: number;
  /** Fill-ins per span: the first is greedy, the others are sampled. */
  readonly samples: number;
  /** Informative spans after which no more are looked for. */
  readonly wanted: number;
}

export type SpanSet =
  | {
      readonly kind: 'ready';
      readonly spans: readonly Span[];
      /** Of the active version; the same for every candidate that is compared. */
      readonly active: ReadonlyMap<string, Passes>;
      /** Share of the active version's fill-ins that pass. */
      readonly activeRate: number;
      readonly note: string;
    }
  | { readonly kind: 'inconclusive'; readonly informative: number; readonly note: string };

/** Passes over samples; spans with a sample that could not be judged are not in the map. */
export interface Passes {
  readonly passed: number;
  readonly samples: number;
}

/** Where a measure can move both ways. */
const usefulRate = { low: 0.1, high: 0.9 };

export async function prepareSpans(
  candidates: readonly Span[],
  active: AdapterHandle,
  parts: SpanTrialParts,
  signal?: AbortSignal,
): Promise<SpanSet> {
  const { runner, wanted } = parts;
  const stable = await withStableTests(candidates, runner, signal);
  if (runner.unavailable !== null) return { kind: 'inconclusive', informative: 0, note: `no sandbox: ${runner.unavailable}` };
  if (stable.length === 0) return { kind: 'inconclusive', informative: 0, note: await whyNone(candidates, runner, signal) };
  const texts = await fillIns(stable, active, parts, signal);
  const useful: { span: Span; passes: Passes }[] = [];
  const others: { span: Span; passes: Passes }[] = [];
  for (const granularity of byPromise(stable, texts, parts.judge)) {
    const spans = await informativeOnes(stable.filter((span) => span.granularity === granularity), parts, signal);
    const passes = await judgeFillIns(spans, texts, parts.judge, signal);
    const judged = spans.flatMap((span) => {
      const found = passes.get(span.id);
      return found === undefined ? [] : [{ span, passes: found }];
    });
    const rate = rateOf(judged);
    (rate >= usefulRate.low && rate <= usefulRate.high ? useful : others).push(...judged);
    if (useful.length >= wanted) break;
  }
  const chosen = (useful.length >= minimumInformativeSpans ? useful : [...useful, ...others]).slice(0, wanted);
  const cuts = cutsOf(runner);
  if (chosen.length < minimumInformativeSpans) {
    return { kind: 'inconclusive', informative: chosen.length, note: [`${chosen.length} informative spans`, ...cuts].join('; ') };
  }
  const outside = useful.length < minimumInformativeSpans ? ['the active version passes outside 10-90 %'] : [];
  return {
    kind: 'ready',
    spans: chosen.map(({ span }) => span),
    active: new Map(chosen.map(({ span, passes }) => [span.id, passes])),
    activeRate: rateOf(chosen),
    note: [...outside, ...cuts].join('; '),
  };
}

/** Passes of another adapter on the same spans, with the same seeds, paired with the active version's. */
export async function trySpans(
  set: Extract<SpanSet, { kind: 'ready' }>,
  candidate: AdapterHandle,
  parts: SpanTrialParts,
  signal?: AbortSignal,
): Promise<SpanPasses[]> {
  const texts = await fillIns(set.spans, candidate, parts, signal);
  const passes = await judgeFillIns(set.spans, texts, parts.judge, signal);
  return set.spans.flatMap(({ id }) => {
    const after = passes.get(id);
    const before = set.active.get(id);
    if (after === undefined || before === undefined) return [];
    return [{ id, samples: after.samples, active: before.passed, candidate: after.passed }];
  });
}

async function withStableTests(spans: readonly Span[], runner: TestRunner, signal?: AbortSignal): Promise<Span[]> {
  const baselines = await runner.baseline(spans.flatMap(({ tests }) => tests), signal);
  return spans.flatMap((span) => {
    const tests = span.tests.filter((test) => baselines.get(test)?.kind === 'stable');
    return tests.length === 0 ? [] : [{ ...span, tests }];
  });
}

async function whyNone(candidates: readonly Span[], runner: TestRunner, signal?: AbortSignal): Promise<string> {
  if (candidates.length === 0) return 'no code to mask that a test reaches';
  const baselines = [...(await runner.baseline([], signal)).entries()];
  const failing = baselines.flatMap(([test, baseline]) => (baseline.kind === 'failing' ? [`${test}: ${baseline.output.trim().split('\n').at(-1) ?? ''}`] : []));
  const flaky = baselines.filter(([, { kind }]) => kind === 'flaky').length;
  return `no test file passes untouched (${failing.length} fail, ${flaky} are flaky)${failing.length === 0 ? '' : `; ${failing[0]}`}`;
}

function cutsOf(runner: TestRunner): string[] {
  return runner.refused === 0 ? [] : [`${runner.refused} test runs were left out by the budget`];
}

/** The fill-ins of one adapter, `samples` per span. A span's seeds depend on the span alone, so both sides of a pair share them. */
async function fillIns(spans: readonly Span[], adapter: AdapterHandle, { fillIn, samples, seed }: SpanTrialParts, signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  const items = spans.flatMap((span) =>
    Array.from({ length: samples }, (_, sample): GenerateItem => ({
      prompt: span.example.prompt,
      adapter,
      // Two characters a token is on the safe side for code; the rest of the allowance is for a model that words it longer.
      maxTokens: Math.min(160, Math.ceil(span.original.length / 2) + 8),
      temperature: sample === 0 ? 0 : 0.6,
      topP: 0.95,
      seed: (seed + Number.parseInt(span.id.slice(0, 7), 16) + sample) >>> 0,
      ...(span.original.includes('\n') ? {} : { stop: ['\n'] }),
    })),
  );
  if (items.length === 0) return new Map();
  const generated = await fillIn.generate(items, signal === undefined ? {} : { signal });
  return new Map(
    spans.map((span, index) => [span.id, generated.slice(index * samples, (index + 1) * samples).map(({ text }) => text)]),
  );
}

async function judgeFillIns(spans: readonly Span[], texts: ReadonlyMap<string, readonly string[]>, judge: SpanJudge, signal?: AbortSignal): Promise<ReadonlyMap<string, Passes>> {
  const filled = spans.flatMap((span): Filled[] => (texts.get(span.id) ?? []).map((text) => ({ span, text })));
  const answers = await judge.judge(filled, signal);
  const passes = new Map<string, Passes>();
  const open = new Set<string>();
  filled.forEach(({ span }, index) => {
    const answer = present(answers[index], 'answer');
    if (answer === 'notRun') open.add(span.id);
    const { passed, samples } = passes.get(span.id) ?? { passed: 0, samples: 0 };
    passes.set(span.id, { passed: passed + (answer === 'passed' ? 1 : 0), samples: samples + 1 });
  });
  open.forEach((id) => passes.delete(id));
  return passes;
}

/** Those whose tests notice a wrong text. Judged from then on by the tests that did: the others do not touch it. */
async function informativeOnes(spans: readonly Span[], { judge, wanted }: SpanTrialParts, signal?: AbortSignal): Promise<Span[]> {
  const trials = spans.flatMap((span) =>
    brokenTexts(span)
      .filter((text) => judge.proxy({ span, text }) === 'unknown')
      .flatMap((text) => span.tests.map((test): Filled => ({ span: { ...span, tests: [test] }, text }))),
  );
  const answers = await judge.judge(trials, signal);
  const noticed = new Set(trials.flatMap((trial, index) => (answers[index] === 'failed' ? noticeOf(trial.span.id, trial.span.tests[0] ?? '') : [])));
  return spans
    .flatMap((span) => {
      const tests = span.tests.filter((test) => noticed.has(noticeOf(span.id, test)));
      return tests.length === 0 ? [] : [{ ...span, tests }];
    })
    .slice(0, wanted);
}

function noticeOf(span: string, test: string): string {
  return `${span}\0${test}`;
}

/** Granularities whose rate the proxy puts nearest to a half come first: they are the likeliest to be of use. */
function byPromise(spans: readonly Span[], texts: ReadonlyMap<string, readonly string[]>, judge: SpanJudge): Granularity[] {
  const granularities: readonly Granularity[] = ['expression', 'line', 'block', 'body'];
  const distance = (granularity: Granularity): number => {
    const outcomes = spans
      .filter((span) => span.granularity === granularity)
      .flatMap((span) => (texts.get(span.id) ?? []).map((text) => judge.proxy({ span, text })));
    if (outcomes.length === 0) return 1;
    const share = (proxy: string) => outcomes.filter((outcome) => outcome === proxy).length / outcomes.length;
    // Of the fill-ins that parse and are not the original text, about one in five passes.
    return Math.abs(share('passed') + 0.2 * share('unknown') - 0.5);
  };
  return granularities
    .filter((granularity) => spans.some((span) => span.granularity === granularity))
    .map((granularity) => ({ granularity, away: distance(granularity) }))
    .sort((a, b) => a.away - b.away)
    .map(({ granularity }) => granularity);
}

function rateOf(judged: readonly { readonly passes: Passes }[]): number {
  const samples = judged.reduce((sum, { passes }) => sum + passes.samples, 0);
  return samples === 0 ? 0 : judged.reduce((sum, { passes }) => sum + passes.passed, 0) / samples;
}
