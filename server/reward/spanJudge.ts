// Does the code work with this text in that span? Answered without a run where possible: the text that stood there passes, a text that
// does not parse fails, and what was run before is remembered.
import { sha256 } from '../base/hash.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { OutcomeCache } from './outcomeCache.ts';
import type { Span } from './probe.ts';
import type { SourceTree } from './sourceTree.ts';
import type { TestAnswer, TestRequest, TestRunner } from './testRunner.ts';

export interface Filled<Of extends Span = Span> {
  readonly span: Of;
  readonly text: string;
}

export type Proxy = 'passed' | 'failed' | 'unknown';

export interface SpanJudge {
  /** What can be said without running anything. */
  proxy(filled: Filled): Proxy;
  /** In the order given. 'notRun': the budget or a stable baseline was missing. */
  judge(filled: readonly Filled[], signal?: AbortSignal): Promise<TestAnswer[]>;
}

export interface SpanJudgeParts {
  readonly tree: SourceTree;
  readonly syntax: Syntax;
  readonly runner: TestRunner;
  readonly cache: OutcomeCache;
}

export function createSpanJudge({ tree, syntax, runner, cache }: SpanJudgeParts): SpanJudge {
  const errorsBefore = new Map<string, number>();

  const textOf = (path: string) => tree.texts.get(path) ?? '';
  const errorCount = (path: string) => {
    const known = errorsBefore.get(path) ?? syntax.errors(path, textOf(path)).length;
    errorsBefore.set(path, known);
    return known;
  };

  const proxy = ({ span, text }: Filled): Proxy => {
    if (normalisedCode(span.path, text) === normalisedCode(span.path, span.original)) return 'passed';
    return syntax.errors(span.path, replaced(textOf(span.path), span, text)).length > errorCount(span.path) ? 'failed' : 'unknown';
  };

  const judge = async (filled: readonly Filled[], signal?: AbortSignal): Promise<TestAnswer[]> => {
    const answers = new Map<string, TestAnswer>();
    const open: { readonly name: string; readonly filled: Filled; readonly test: string }[] = [];
    for (const item of filled) {
      const name = nameOf(item);
      if (answers.has(name)) continue;
      const known = proxy(item);
      if (known !== 'unknown') {
        answers.set(name, known);
        continue;
      }
      const outcomes = item.span.tests.map((test) => ({ test, outcome: cache.get(keyOf(item, test)) }));
      const unknown = outcomes.filter(({ outcome }) => outcome === undefined);
      if (outcomes.some(({ outcome }) => outcome === false)) answers.set(name, 'failed');
      else if (unknown.length === 0) answers.set(name, 'passed');
      else {
        answers.set(name, 'passed');
        open.push(...unknown.map(({ test }) => ({ name, filled: item, test })));
      }
    }
    const requests = open.map(({ filled: { span, text }, test }): TestRequest => ({ replaced: { path: span.path, text: replaced(textOf(span.path), span, text) }, test }));
    const results = await runner.run(requests, signal);
    open.forEach(({ name, filled: item, test }, index) => {
      const result = results[index] ?? 'notRun';
      if (result !== 'notRun') cache.set(keyOf(item, test), result === 'passed');
      const before = answers.get(name);
      // One failing test decides; without one, a test that was not run leaves the answer open.
      answers.set(name, before === 'failed' || result === 'failed' ? 'failed' : before === 'notRun' ? 'notRun' : result);
    });
    return filled.map((item) => answers.get(nameOf(item)) ?? 'notRun');
  };

  const keyOf = ({ span, text }: Filled, test: string) => ({ tree: tree.tree, span: span.id, text: sha256(text), test });
  return { proxy, judge };
}

function nameOf({ span, text }: Filled): string {
  return [span.id, ...span.tests, text].join('\0');
}

export function replaced(source: string, { range }: Pick<Span, 'range'>, text: string): string {
  return source.slice(0, range.start) + text + source.slice(range.end);
}
