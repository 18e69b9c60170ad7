// Which spans are tried first: those where the two adapters are likeliest to differ, as their greedy fill-ins say without a run.
// Invariant: what the two sides wrote is used alike. Choosing by the active version's passes alone would pick those it had by luck, and every
// candidate would seem to fall; the exact test over the chosen spans holds because swapping the sides would choose the same.
import { present } from '../base/assert.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import { overlap, type Span } from './probe.ts';
import type { Proxy, SpanJudge } from './spanJudge.ts';

export interface Greedy {
  readonly active: string;
  readonly candidate: string;
}

/** How likely the greedy fill-in itself passes, and one sampled beside it: so it was of 380 fill-ins by the starter model in the demo's project. */
const chanceOf: Record<Proxy, { readonly greedy: number; readonly sampled: number }> = {
  passed: { greedy: 1, sampled: 0.5 },
  unknown: { greedy: 0.03, sampled: 0.03 },
  failed: { greedy: 0, sampled: 0.02 },
};

/** Of equal promise so many by one test file before those of a second, which costs two untouched runs; more would let one file speak for all. */
const spansPerTest = 3;

/**
 * By how many fill-ins are expected to pass on one side alone. Among equals those first whose test file is needed anyway; else in the order
 * given, which is nearness to the commit.
 */
export function byPromise(spans: readonly Span[], greedy: ReadonlyMap<string, Greedy>, judge: Pick<SpanJudge, 'proxy'>): Span[] {
  const rated = spans.map((span) => {
    const { active, candidate } = present(greedy.get(span.id), 'greedy fill-ins');
    const [a, b] = [chanceOf[judge.proxy({ span, text: active })], chanceOf[judge.proxy({ span, text: candidate })]];
    const same = normalisedCode(span.path, active) === normalisedCode(span.path, candidate);
    return { span, differing: (same ? 0 : oneAlone(a.greedy, b.greedy)) + oneAlone(a.sampled, b.sampled) };
  });
  return sharingTests(rated.sort((x, y) => y.differing - x.differing));
}

function sharingTests(sorted: readonly { readonly span: Span; readonly differing: number }[]): Span[] {
  const ordered: Span[] = [];
  const counts = new Map<string, number>();
  const countOf = ({ tests: [test = ''] }: Span): number => counts.get(test) ?? 0;
  const rest = [...sorted];
  while (rest.length > 0) {
    const equals = rest.flatMap(({ span, differing }) => (differing === rest[0]?.differing ? [span] : []));
    const begun = equals.find((span) => countOf(span) > 0 && countOf(span) < spansPerTest);
    const span = present(begun ?? equals.find((each) => countOf(each) === 0) ?? equals[0], 'span');
    rest.splice(rest.findIndex((each) => each.span === span), 1);
    // Of several in one place one is tried.
    if (!ordered.some((each) => overlap(each, span))) counts.set(span.tests[0] ?? '', countOf(span) + 1);
    ordered.push(span);
  }
  return ordered;
}

function oneAlone(a: number, b: number): number {
  return a * (1 - b) + b * (1 - a);
}
