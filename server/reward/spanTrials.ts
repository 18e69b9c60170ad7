// Spans from candidates to figures: which of them are compared (those where a difference can show first, and only where the tests notice a
// wrong text), and how often each adapter's fill-ins pass there.
import { present } from '../base/assert.ts';
import type { AdapterHandle, GenerateItem } from '../base/prompt.ts';
import { trimSuffixOverlap } from '../syntax/trimSuffixOverlap.ts';
import { informativeSpans, wrongValues, type FoundSpan } from './informativeSpans.ts';
import type { FillIn } from './model.ts';
import type { Span } from './probe.ts';
import type { Filled, SpanJudge } from './spanJudge.ts';
import { byPromise, type Greedy } from './spanPromise.ts';
import type { TestAnswer, TestRunner } from './testRunner.ts';
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
  /** Test runs for finding the spans and for judging the active version on them. */
  readonly runs: number;
}

export type SpanSet =
  | {
      readonly kind: 'ready';
      readonly spans: readonly FoundSpan[];
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

/** `candidate` helps to choose the spans; the set then serves every other candidate of the cycle. */
export async function prepareSpans(
  candidates: readonly Span[],
  adapters: { readonly active: AdapterHandle; readonly candidate: AdapterHandle },
  parts: SpanTrialParts,
  signal?: AbortSignal,
): Promise<SpanSet> {
  const { runner, judge, wanted, samples } = parts;
  const written = await greedyOf(candidates, adapters, parts, signal);
  const search = await informativeSpans(byPromise(candidates, written, judge), { written, judge, runner, wanted, runs: parts.runs, runsPerSpan: samples }, signal);
  if (runner.unavailable !== null) return { kind: 'inconclusive', informative: 0, note: `no sandbox: ${runner.unavailable}` };
  const cut = search.ended === 'budget' ? ['the budget of test runs ended the search'] : [];
  if (search.spans.length < minimumInformativeSpans) {
    const note = (await whyNone(candidates, runner, signal)) ?? [`${search.spans.length} informative spans`, ...cut].join('; ');
    return { kind: 'inconclusive', informative: search.spans.length, note };
  }
  // Both sides at once: texts in one batch, runs beside each other. What becomes of the candidate's is remembered until `trySpans` asks.
  grantCandidate(search.spans, parts);
  const [texts = new Map(), candidateTexts = new Map()] = await fillIns(search.spans, [adapters.active, adapters.candidate], parts, signal);
  const [passes = new Map()] = await judgeFillIns(search.spans, [texts, candidateTexts], parts, signal);
  const chosen = search.spans.filter(({ id }) => passes.has(id));
  const rate = rateOf([...passes.values()]);
  const outside = rate < usefulRate.low || rate > usefulRate.high ? ['the active version passes outside 10-90 %'] : [];
  return { kind: 'ready', spans: chosen, active: passes, activeRate: rate, note: [...outside, ...cut].join('; ') };
}

/** Passes of another adapter on the same spans, with the same seeds, paired with the active version's. */
export async function trySpans(
  set: Extract<SpanSet, { kind: 'ready' }>,
  candidate: AdapterHandle,
  parts: SpanTrialParts,
  signal?: AbortSignal,
): Promise<SpanPasses[]> {
  grantCandidate(set.spans, parts);
  const texts = await fillIns(set.spans, [candidate], parts, signal);
  const [passes = new Map()] = await judgeFillIns(set.spans, texts, parts, signal);
  return set.spans.flatMap(({ id }) => {
    const after = passes.get(id);
    const before = set.active.get(id);
    if (after === undefined || before === undefined) return [];
    return [{ id, samples: after.samples, active: before.passed, candidate: after.passed }];
  });
}

/** Null: that the tests do not pass untouched is not the reason. */
async function whyNone(candidates: readonly Span[], runner: TestRunner, signal?: AbortSignal): Promise<string | null> {
  if (candidates.length === 0) return 'no code to mask that a test reaches';
  const baselines = [...(await runner.baseline([], signal)).entries()];
  if (baselines.length === 0 || baselines.some(([, { kind }]) => kind === 'stable')) return null;
  const failing = baselines.flatMap(([test, baseline]) => (baseline.kind === 'failing' ? [`${test}: ${baseline.output.trim().split('\n').at(-1) ?? ''}`] : []));
  const flaky = baselines.filter(([, { kind }]) => kind === 'flaky').length;
  return `no test file passes untouched (${failing.length} fail, ${flaky} are flaky)${failing.length === 0 ? '' : `; ${failing[0]}`}`;
}

/** The first fill-in of each span under both adapters, generated in one batch. */
async function greedyOf(spans: readonly Span[], adapters: { readonly active: AdapterHandle; readonly candidate: AdapterHandle }, parts: SpanTrialParts, signal?: AbortSignal): Promise<ReadonlyMap<string, Greedy>> {
  const items = [adapters.active, adapters.candidate].flatMap((adapter) => spans.map((span) => itemOf(span, 0, adapter, parts.seed)));
  const texts = await textsOf(items, parts.fillIn, signal);
  return new Map(spans.map(({ id }, index) => [id, { active: present(texts[index], 'fill-in'), candidate: present(texts[spans.length + index], 'fill-in') }]));
}

/** A candidate's runs come on top of the budget, so that no found span is left uncompared; those whose outcome is known are not taken. */
function grantCandidate(spans: readonly Span[], { runner, samples }: SpanTrialParts): void {
  runner.grant(spans.length * samples);
}

type Texts = ReadonlyMap<string, readonly string[]>;

/** The fill-ins of each adapter by span, `samples` per span. */
async function fillIns(spans: readonly Span[], adapters: readonly AdapterHandle[], { fillIn, samples, seed }: SpanTrialParts, signal?: AbortSignal): Promise<Texts[]> {
  const items = adapters.flatMap((adapter) => spans.flatMap((span) => Array.from({ length: samples }, (_, sample) => itemOf(span, sample, adapter, seed))));
  const texts = await textsOf(items, fillIn, signal);
  const firstOf = (adapter: number, span: number): number => (adapter * spans.length + span) * samples;
  return adapters.map((_, adapter) => new Map(spans.map((span, index) => [span.id, texts.slice(firstOf(adapter, index), firstOf(adapter, index) + samples)])));
}

/** A span's seeds depend on the span alone, so both sides of a pair share them. */
function itemOf(span: Span, sample: number, adapter: AdapterHandle, seed: number): GenerateItem {
  return {
    prompt: span.example.prompt,
    adapter,
    // Two characters a token is on the safe side for code; the rest of the allowance is for a model that words it longer.
    maxTokens: Math.min(160, Math.ceil(span.original.length / 2) + 8),
    temperature: sample === 0 ? 0 : 0.6,
    topP: 0.95,
    seed: (seed + Number.parseInt(span.id.slice(0, 7), 16) + sample) >>> 0,
    ...(span.original.includes('\n') ? {} : { stop: ['\n'] }),
  };
}

async function textsOf(items: readonly GenerateItem[], fillIn: FillIn, signal?: AbortSignal): Promise<string[]> {
  if (items.length === 0) return [];
  const generated = await fillIn.generate(items, signal === undefined ? {} : { signal });
  // As completion shows it: judged is what is served.
  return generated.map(({ text }, index) => {
    const prompt = items[index]?.prompt;
    return prompt?.kind === 'fim' ? trimSuffixOverlap(text, prompt.suffix) : text;
  });
}

/** Passes by span, one map per side. */
async function judgeFillIns(spans: readonly FoundSpan[], sides: readonly Texts[], parts: SpanTrialParts, signal?: AbortSignal): Promise<ReadonlyMap<string, Passes>[]> {
  const filled = sides.map((texts) => spans.flatMap((span): Filled<FoundSpan>[] => (texts.get(span.id) ?? []).map((text) => ({ span, text }))));
  const answers = await parts.judge.judge(filled.flat(), signal);
  const unproven = await unprovenSpans(filled.flat().filter((_, index) => answers[index] === 'passed'), parts, signal);
  return filled.map((side, index) => {
    const passes = passesOf(side, answers.slice(filled.slice(0, index).flat().length));
    return new Map([...passes].filter(([id]) => !unproven.has(id)));
  });
}

/** Spans where another text than the one that stood there passed, and the tests do not notice a wrong value: that text may be as wrong. */
async function unprovenSpans(passed: readonly Filled<FoundSpan>[], { judge, runner }: SpanTrialParts, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const doubtful = passed.filter((filled) => !filled.span.noticesWrongValue && judge.proxy(filled) === 'unknown').map(({ span }) => span);
  const wrong = [...new Set(doubtful)].flatMap((span) => wrongValues(span, judge).map((text) => ({ span, text })));
  runner.grant(wrong.length);
  const answers = await judge.judge(wrong, signal);
  const proven = new Set(wrong.flatMap(({ span }, index) => (answers[index] === 'failed' ? [span.id] : [])));
  return new Set(doubtful.flatMap(({ id }) => (proven.has(id) ? [] : [id])));
}

function passesOf(filled: readonly Filled[], answers: readonly TestAnswer[]): ReadonlyMap<string, Passes> {
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

function rateOf(passes: readonly Passes[]): number {
  const samples = passes.reduce((sum, each) => sum + each.samples, 0);
  return samples === 0 ? 0 : passes.reduce((sum, { passed }) => sum + passed, 0) / samples;
}
