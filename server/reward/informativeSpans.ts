// The search for informative spans: those whose tests notice a wrong text. A run costs a third of a second of a core, so it goes the likeliest way
// first and stops early: what a side wrote before a text that is wrong on purpose, since it must be run anyway and is nearly always wrong; every span by
// its nearest test before any by its second, no span again once a test has noticed, none beyond those wanted, none where a found one lies, and never
// into the runs that judging the found ones will take.
import { present } from '../base/assert.ts';
import { brokenTexts } from './brokenSpan.ts';
import { overlap, type Span } from './probe.ts';
import type { SpanJudge } from './spanJudge.ts';
import type { Greedy } from './spanPromise.ts';
import type { TestRunner } from './testRunner.ts';

export interface SearchParts {
  /** What the two sides wrote, by span. */
  readonly written: ReadonlyMap<string, Greedy>;
  readonly judge: SpanJudge;
  readonly runner: TestRunner;
  /** Informative spans after which no more are looked for. */
  readonly wanted: number;
  /** For the search and for judging one side on what it finds. */
  readonly runs: number;
  /** Of these, kept back for judging: for each found span. */
  readonly runsPerSpan: number;
}

export interface FoundSpan extends Span {
  /** Whether a value that is wrong on purpose was noticed. Else a fill-in was, which may have thrown: any test that merely gets there notices that. */
  readonly noticesWrongValue: boolean;
}

export interface SearchResult {
  /** In the order of finding; each with the one test file that noticed, by which it is judged from then on. */
  readonly spans: readonly FoundSpan[];
  /** Why it ended: as many as wanted, nothing left to try, or no runs left to try it with. */
  readonly ended: 'enough' | 'exhausted' | 'budget';
}

interface Attempt {
  readonly span: Span;
  readonly test: string;
  readonly text: string;
  readonly isFillIn: boolean;
}

interface Spent {
  attempts: number;
  /** Test files, each run twice untouched. */
  readonly tests: Set<string>;
}

/** `spans` in the order in which they are to be tried. */
export async function informativeSpans(spans: readonly Span[], parts: SearchParts, signal?: AbortSignal): Promise<SearchResult> {
  const { judge, runner, wanted } = parts;
  const found: FoundSpan[] = [];
  const spent: Spent = { attempts: 0, tests: new Set() };
  let open = attemptsOf(spans, parts);
  while (found.length < wanted && open.length > 0) {
    const wave = affordable(nextWave(open, wanted - found.length), { found: found.length, spent }, parts);
    if (wave.length === 0) return { spans: found, ended: 'budget' };
    spent.attempts += wave.length;
    for (const { test } of wave) spent.tests.add(test);
    const baselines = await runner.baseline(wave.map(({ test }) => test), signal);
    const steady = wave.filter(({ test }) => baselines.get(test)?.kind === 'stable');
    const answers = await judge.judge(steady.map(({ span, test, text }) => ({ span: { ...span, tests: [test] }, text })), signal);
    found.push(...steady.filter((_, index) => answers[index] === 'failed').map(({ span, test, isFillIn }) => ({ ...span, tests: [test], noticesWrongValue: !isFillIn })));
    const tried = new Set(wave);
    const isSteady = (test: string): boolean => (baselines.get(test)?.kind ?? 'stable') === 'stable';
    const left = open.filter((attempt) => !tried.has(attempt) && isSteady(attempt.test) && !found.some((span) => overlap(span, attempt.span)));
    // A fill-in that passed makes its span no less promising: at once the same test is asked about a wrong value.
    const passed = steady.filter(({ isFillIn }, index) => isFillIn && answers[index] === 'passed');
    const isNext = ({ span, test }: Attempt): boolean => passed.some((attempt) => attempt.span === span && attempt.test === test);
    open = [...left.filter(isNext), ...left.filter((attempt) => !isNext(attempt))];
  }
  return { spans: found.slice(0, wanted), ended: found.length >= wanted ? 'enough' : 'exhausted' };
}

/** Of each span its first attempt, then of each its second, and so on; a span's nearest test comes first. */
function attemptsOf(spans: readonly Span[], { judge, written }: SearchParts): Attempt[] {
  const ofEach = spans.map((span) => {
    const needsRun = (text: string): boolean => judge.proxy({ span, text }) === 'unknown';
    // One of the two, and whichever side wrote it: swapping the sides must choose the same.
    const { active, candidate } = present(written.get(span.id), 'greedy fill-ins');
    const fillIns = [active, candidate].filter(needsRun).sort().slice(0, 1);
    const texts = [...fillIns.map((text) => ({ text, isFillIn: true })), ...wrongValues(span, judge).map((text) => ({ text, isFillIn: false }))];
    return span.tests.flatMap((test) => texts.map((text): Attempt => ({ span, test, ...text })));
  });
  const rounds = Math.max(0, ...ofEach.map((attempts) => attempts.length));
  return Array.from({ length: rounds }, (_, round) => ofEach.flatMap((attempts) => attempts[round] ?? [])).flat();
}

/** Texts that are wrong on purpose and parse. */
export function wrongValues(span: Span, judge: Pick<SpanJudge, 'proxy'>): string[] {
  return brokenTexts(span).filter((text) => judge.proxy({ span, text }) === 'unknown');
}

/** As many attempts as spans are missing, to an even number, since two run beside each other anyway; one per place. */
function nextWave(open: readonly Attempt[], missing: number): Attempt[] {
  const wave: Attempt[] = [];
  for (const attempt of open) {
    if (wave.length === 2 * Math.ceil(missing / 2)) break;
    if (!wave.some(({ span }) => overlap(span, attempt.span))) wave.push(attempt);
  }
  return wave;
}

/**
 * As much of the wave as leaves all that may then be found the runs to be judged with. Counted as if nothing were known from commits before:
 * that saves time and never buys runs, or a verdict would depend on what this process did earlier.
 */
function affordable(wave: readonly Attempt[], { found, spent }: { readonly found: number; readonly spent: Spent }, { runs, runsPerSpan, wanted }: SearchParts): Attempt[] {
  let count = wave.length;
  const cost = (): number => {
    const tests = new Set([...spent.tests, ...wave.slice(0, count).map(({ test }) => test)]);
    return spent.attempts + count + 2 * tests.size + Math.min(found + count, wanted) * runsPerSpan;
  };
  while (count > 0 && cost() > runs) count--;
  return wave.slice(0, count);
}
