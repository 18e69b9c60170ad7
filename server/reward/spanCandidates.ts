// Where to mask: held-out declarations, the declarations that call what changed, and the calls in tests. Which of these places are
// worth measuring is for spanTrials.ts to find out; here they are only listed, nearest to the commit first and sampled to a budget.
import { sha256 } from '../base/hash.ts';
import { present } from '../base/assert.ts';
import type { Random } from '../base/random.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Change, Declaration } from '../syntax/declaration.ts';
import { isHeldOut } from '../syntax/heldOut.ts';
import type { ImportGraph } from '../syntax/importGraph.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import type { Maskable, Syntax } from '../syntax/syntax.ts';
import { overlap, type Granularity, type Span, type Unassigned } from './probe.ts';
import type { InPair, PromptAt, SourceTree } from './sourceTree.ts';
import { isTestSupport, testsNear } from './testsNear.ts';

export interface SpanRequest {
  readonly tree: SourceTree;
  readonly changes: readonly Change[];
  readonly testFiles: readonly string[];
  readonly inPair: InPair;
  readonly promptAt: PromptAt;
  readonly random: Random;
  /** Candidates per granularity. */
  readonly perGranularity: number;
  /** Test files that one span may be judged by. */
  readonly testsPerSpan?: number;
}

/** Characters of an answer: below, there is nothing to judge; above, a small model cannot be expected to write it. */
const answerLength: Record<Granularity, { readonly least: number; readonly most: number }> = {
  expression: { least: 3, most: 60 },
  line: { least: 8, most: 90 },
  block: { least: 8, most: 240 },
  body: { least: 8, most: 400 },
};

export function spanCandidates(request: SpanRequest, syntax: Syntax): Unassigned<Span>[] {
  const { tree, testFiles, random, perGranularity } = request;
  const files = [...tree.texts].map(([path, text]) => ({ path, text }));
  const graph = syntax.importGraph(files);
  const places = placesToMask(request, syntax, graph);
  const testsOf = testsNear({ paths: testFiles, textOf: (path) => tree.texts.get(path) ?? '', graph });
  const lists: Record<Granularity, Unassigned<Span>[]> = { expression: [], line: [], block: [], body: [] };
  for (const { declaration, only } of places) {
    if (Object.values(lists).every((list) => list.length >= perGranularity)) break;
    const text = present(tree.texts.get(declaration.path), 'text of a place');
    const tests = testsOf(declaration, request.testsPerSpan ?? 2);
    if (tests.length === 0) continue;
    const maskable = syntax.maskable(declaration.path, text, declaration);
    for (const [granularity, ranges] of byGranularity(maskable, only)) {
      const list = lists[granularity];
      if (list.length >= perGranularity) continue;
      // Two places of a kind per declaration: more would let one large function stand for the commit.
      const spans = random.shuffled(ranges).flatMap((range) => spanAt(request, { declaration, text, granularity, range, tests }) ?? []);
      list.push(...withoutOverlaps(spans).slice(0, Math.min(2, perGranularity - list.length)));
    }
  }
  return [...lists.expression, ...lists.line, ...lists.block, ...lists.body];
}

interface Place {
  readonly declaration: Declaration;
  /**
   * In tests only calls are masked: a model that rewrites an assertion would judge itself. In callers nothing larger than a line: what is
   * masked is kept out of training, and the calls are what the commit should teach.
   */
  readonly only: 'calls' | 'lines' | 'all';
}

function placesToMask({ tree, changes, testFiles, random }: SpanRequest, syntax: Syntax, graph: ImportGraph): Place[] {
  const isTest = new Set(testFiles);
  const isCode = (path: string): boolean => !isTest.has(path) && !isTestSupport(path);
  const touched = new Set(changes.flatMap(({ after }) => after?.path ?? []));
  const near = new Set([...touched].flatMap((path) => [path, ...graph.importsOf(path), ...graph.importersOf(path)]));
  const declared = [...tree.texts].filter(([path]) => isCode(path) && syntax.supports(path)).flatMap(([path, text]) => syntax.declarations(path, text));
  const heldOut = declared.filter((declaration) => declaration.body !== undefined && runs(declaration) && isHeldOut(declaration));
  const names = changedNames(changes);
  const sources = [...tree.texts].map(([path, text]) => ({ path, text }));
  const callers = names.flatMap((name) => syntax.callers(name, sources));
  const changedKeys = new Set(changes.flatMap(({ after }) => (after === undefined ? [] : keyOf(after))));
  const calling = callers.flatMap(({ enclosing }) => (enclosing === null || enclosing.body === undefined || !isCode(enclosing.path) ? [] : enclosing));
  const testPaths = [...new Set(callers.map(({ reference }) => reference.path))].filter((path) => isTest.has(path));
  const ranked: Place[][] = [
    heldOut.filter(({ path }) => touched.has(path)).map(whole),
    calling.filter((declaration) => !changedKeys.has(keyOf(declaration))).map((declaration) => ({ declaration, only: 'lines' })),
    testPaths.map((path) => ({ declaration: fileAsDeclaration(path, tree.texts.get(path) ?? ''), only: 'calls' })),
    heldOut.filter(({ path }) => !touched.has(path) && near.has(path)).map(whole),
    heldOut.filter(({ path }) => !touched.has(path) && !near.has(path)).map(whole),
  ];
  const seen = new Set<string>();
  return ranked
    .flatMap((group) => random.shuffled(group))
    .filter(({ declaration }) => {
      const key = keyOf(declaration);
      if (seen.has(key) || declaration.kind === 'class') return false;
      seen.add(key);
      return true;
    });
}

/** Types leave nothing behind that a test could notice. */
function runs({ kind }: Declaration): boolean {
  return kind !== 'interface' && kind !== 'type' && kind !== 'class';
}

function whole(declaration: Declaration): Place {
  return { declaration, only: 'all' };
}

function changedNames(changes: readonly Change[]): string[] {
  return [...new Set(changes.flatMap(({ after }) => (after === undefined ? [] : after.name)))];
}

function keyOf({ path, qualifiedName, kind }: Declaration): string {
  return `${path}\0${kind}\0${qualifiedName}`;
}

/** Test files hold their code in callbacks, which are not declarations: the whole file stands for one. */
function fileAsDeclaration(path: string, text: string): Declaration {
  const range = { start: 0, end: text.length };
  return { kind: 'function', name: path, qualifiedName: path, path, range, body: range, signature: '', text, exported: false, parameters: [] };
}

function byGranularity(maskable: Maskable, only: Place['only']): [Granularity, readonly TextRange[]][] {
  if (only === 'calls') return [['expression', maskable.expressions]];
  if (only === 'lines') return [['expression', maskable.expressions], ['line', maskable.lines]];
  return [
    ['expression', maskable.expressions],
    ['line', maskable.lines],
    ['block', maskable.blocks],
    ['body', maskable.body === null ? [] : [maskable.body]],
  ];
}

interface SpanPlace {
  readonly declaration: Declaration;
  readonly text: string;
  readonly granularity: Granularity;
  readonly range: TextRange;
  readonly tests: readonly string[];
}

function spanAt({ tree, inPair, promptAt }: SpanRequest, place: SpanPlace): Unassigned<Span> | null {
  const { declaration, text, granularity, range, tests } = place;
  const { path } = declaration;
  const original = text.slice(range.start, range.end);
  const { least, most } = answerLength[granularity];
  if (original.length < least || original.length > most) return null;
  // In a test, an expression that calls nothing is an expected value: a probe's business, not a span's.
  if (tests[0] === path && !/\w\s*\(/.test(original)) return null;
  if (/^(?:async\s*)?(?:function\b|\([^)]*\)\s*=>)/.test(original) && granularity === 'expression') return null;
  if (inPair(normalisedCode(path, original))) return null;
  return {
    id: sha256([tree.tree, granularity, path, String(range.start), String(range.end)].join('\0')).slice(0, 16),
    granularity,
    path,
    range,
    original,
    example: { prompt: promptAt({ path, text, masked: range }), answer: original },
    tests,
    declaration: declaration.qualifiedName,
    ...(declaration.returnType === undefined ? {} : { returnType: declaration.returnType }),
  };
}

function withoutOverlaps(spans: readonly Unassigned<Span>[]): Unassigned<Span>[] {
  const kept: Unassigned<Span>[] = [];
  for (const span of spans) {
    if (!kept.some((other) => overlap(span, other))) kept.push(span);
  }
  return kept;
}
