// Which spans are tried first: those where the two adapters are likeliest to differ, as their greedy fill-ins say without a run.
// Invariant: what the two sides wrote is used alike. Choosing by the active version's passes alone would pick those it had by luck, and every
// candidate would seem to fall; the exact test over the chosen spans holds because swapping the sides would choose the same.
import { present } from '../base/assert.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import type { Span } from './probe.ts';
import type { Proxy, SpanJudge } from './spanJudge.ts';

export interface Greedy {
  readonly active: string;
  readonly candidate: string;
}

/** Of fill-ins that parse and are not the original text, about one in five passes. */
const chanceOf: Record<Proxy, number> = { passed: 1, unknown: 0.2, failed: 0 };

/** Likeliest to differ first, then likeliest to pass; else in the order given, which is nearness to the commit. */
export function byPromise(spans: readonly Span[], greedy: ReadonlyMap<string, Greedy>, judge: Pick<SpanJudge, 'proxy'>): Span[] {
  const rated = spans.map((span) => {
    const { active, candidate } = present(greedy.get(span.id), 'greedy fill-ins');
    const [a, b] = [chanceOf[judge.proxy({ span, text: active })], chanceOf[judge.proxy({ span, text: candidate })]];
    const same = normalisedCode(span.path, active) === normalisedCode(span.path, candidate);
    return { span, differ: same ? 0 : a * (1 - b) + b * (1 - a), pass: a + b };
  });
  return rated.sort((x, y) => y.differ - x.differ || y.pass - x.pass).map(({ span }) => span);
}
