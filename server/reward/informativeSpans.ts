// The search for informative spans: those whose tests notice a wrong text. A run costs half a second of a core, so it goes the likeliest way
// first and stops early: every span by its nearest test before any by its second, no span again once a test has noticed, none beyond
// those wanted, none where a found one lies, and never into the runs that judging the found ones will take.
import { brokenTexts } from './brokenSpan.ts';
import { overlap, type Span } from './probe.ts';
import type { SpanJudge } from './spanJudge.ts';
import type { TestRunner } from './testRunner.ts';

export interface SearchParts {
  readonly judge: SpanJudge;
  readonly runner: TestRunner;
  /** Informative spans after which no more are looked for. */
  readonly wanted: number;
  /** For the search and for judging one side on what it finds. */
  readonly runs: number;
  /** Of these, kept back for judging: for each found span. */
  readonly runsPerSpan: number;
}

export interface SearchResult {
  /** In the order of finding; each with the one test file that noticed, by which it is judged from then on. */
  readonly spans: readonly Span[];
  /** Why it ended: as many as wanted, nothing left to try, or no runs left to try it with. */
  readonly ended: 'enough' | 'exhausted' | 'budget';
}

interface Attempt {
  readonly span: Span;
  readonly test: string;
  readonly text: string;
}

interface Spent {
  attempts: number;
  /** Test files, each run twice untouched. */
  readonly tests: Set<string>;
}

/** `spans` in the order in which they are to be tried. */
export async function informativeSpans(spans: readonly Span[], parts: SearchParts, signal?: AbortSignal): Promise<SearchResult> {
  const { judge, runner, wanted } = parts;
  const found: Span[] = [];
  const spent: Spent = { attempts: 0, tests: new Set() };
  let open = attemptsOf(spans, judge);
  while (found.length < wanted && open.length > 0) {
    const wave = affordable(nextWave(open, wanted - found.length), { found: found.length, spent }, parts);
    if (wave.length === 0) return { spans: found, ended: 'budget' };
    spent.attempts += wave.length;
    for (const { test } of wave) spent.tests.add(test);
    const baselines = await runner.baseline(wave.map(({ test }) => test), signal);
    const steady = wave.filter(({ test }) => baselines.get(test)?.kind === 'stable');
    const answers = await judge.judge(steady.map(({ span, test, text }) => ({ span: { ...span, tests: [test] }, text })), signal);
    found.push(...steady.filter((_, index) => answers[index] === 'failed').map(({ span, test }) => ({ ...span, tests: [test] })));
    const tried = new Set(wave);
    const isSteady = (test: string): boolean => (baselines.get(test)?.kind ?? 'stable') === 'stable';
    open = open.filter((attempt) => !tried.has(attempt) && isSteady(attempt.test) && !found.some((span) => overlap(span, attempt.span)));
  }
  return { spans: found.slice(0, wanted), ended: found.length >= wanted ? 'enough' : 'exhausted' };
}

/** Of each span its first attempt, then of each its second, and so on; a span's nearest test comes first. */
function attemptsOf(spans: readonly Span[], judge: SpanJudge): Attempt[] {
  const ofEach = spans.map((span) => {
    const texts = brokenTexts(span).filter((text) => judge.proxy({ span, text }) === 'unknown');
    return span.tests.flatMap((test) => texts.map((text): Attempt => ({ span, test, text })));
  });
  const rounds = Math.max(0, ...ofEach.map((attempts) => attempts.length));
  return Array.from({ length: rounds }, (_, round) => ofEach.flatMap((attempts) => attempts[round] ?? [])).flat();
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
