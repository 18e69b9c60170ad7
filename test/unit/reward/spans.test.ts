// Spans with a scripted sandbox and a scripted model: which become informative, what needs no run, and that both sides are paired.
import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../server/base/assert.ts';
import type { GenerateItem } from '../../../server/base/prompt.ts';
import { Random } from '../../../server/base/random.ts';
import { brokenTexts } from '../../../server/reward/brokenSpan.ts';
import { callArguments } from '../../../server/reward/callText.ts';
import { createMeasures } from '../../../server/reward/createMeasures.ts';
import { findProbes } from '../../../server/reward/findProbes.ts';
import type { FillIn } from '../../../server/reward/model.ts';
import { createOutcomeCache } from '../../../server/reward/outcomeCache.ts';
import type { Span } from '../../../server/reward/probe.ts';
import type { SourceTree } from '../../../server/reward/sourceTree.ts';
import { spanCandidates } from '../../../server/reward/spanCandidates.ts';
import { createSpanJudge } from '../../../server/reward/spanJudge.ts';
import { prepareSpans, trySpans } from '../../../server/reward/spanTrials.ts';
import { TestRunner } from '../../../server/reward/testRunner.ts';
import { isHeldOut } from '../../../server/syntax/heldOut.ts';
import { servingShape } from '../../../server/syntax/promptContext.ts';
import type { Syntax } from '../../../server/syntax/syntax.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';
import { absentSandbox, scriptedSandbox } from '../../support/scriptedSandbox.ts';

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax();
});

/** `price` is what the commit added; everything in cart.ts calls it. */
const texts = new Map([
  ['src/price.ts', 'export function price(cents: number): number {\n  return Math.round(cents * 1.19);\n}\n'],
  [
    'src/cart.ts',
    `import { price } from './price.ts';
export function total(items: readonly number[]): number {
  const prices = items.map((item) => price(item));
  return prices.reduce((sum, each) => sum + each, 0);
}
export function cheapest(items: readonly number[]): number {
  const sorted = [...items].sort((a, b) => a - b);
  return price(sorted[0] ?? 0);
}
export function label(cents: number): string {
  return 'EUR ' + String(price(cents) / 100);
}
export function free(cents: number): boolean {
  return price(cents) === 0 && cents >= 0;
}
`,
  ],
  [
    'test/cart.test.ts',
    `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cheapest, label, total } from '../src/cart.ts';
test('totals', () => {
  assert.equal(total([100, 200]), 357);
  assert.equal(label(100), 'EUR 1.19');
  assert.deepEqual([cheapest([3, 1])], [1]);
});
`,
  ],
]);
const tree: SourceTree = { repository: 'shop', commit: 'c1', tree: 't1', texts };
const plan = { kind: 'runnable', nodeOptions: [], testFiles: ['test/cart.test.ts'], environment: {}, dependencies: null } as const;

function changes() {
  return syntax.changes([{ path: 'src/price.ts', oldPath: 'src/price.ts', before: null, after: texts.get('src/price.ts') ?? '' }]);
}

const promptAt = ({ path, text, masked }: { path: string; text: string; masked: { start: number; end: number } }) =>
  ({ kind: 'fim', repository: 'shop', path, prefix: text.slice(0, masked.start), suffix: text.slice(masked.end), context: [] }) as const;

function candidates(): Span[] {
  const request = { tree, changes: changes(), testFiles: plan.testFiles, promptAt, inPair: () => false, random: new Random(1), perGranularity: 6 };
  return spanCandidates(request, syntax).map((span) => ({ ...span, half: 'judge' }));
}

/** Writes what stood there for spans whose number `knows` accepts, else other text that parses. */
function filling(spans: readonly Span[], knows: (index: number) => boolean): FillIn & { readonly asked: GenerateItem[] } {
  const asked: GenerateItem[] = [];
  return {
    asked,
    async generate(items) {
      asked.push(...items);
      return items.map(({ prompt }) => {
        const index = spans.findIndex((span) => span.example.prompt === prompt);
        return { text: knows(index) ? (spans[index]?.original ?? '') : 'nothing(1)', finish: 'stop', tokens: 1, meanLogProbability: 0 };
      });
    },
  };
}

const against = { active: null, candidate: 'candidate' } as const;

/** A test that notices every change of the sources. */
const strict = () => scriptedSandbox(({ files }) => (Object.keys(files).length === 0 ? 'passes' : 'fails'));

function bench(sandbox: ReturnType<typeof scriptedSandbox>, fillIn: FillIn, runs = 500) {
  const runner = new TestRunner({ sandbox: sandbox.sandbox, plan, folder: '/tree', runs });
  const judge = createSpanJudge({ tree, syntax, runner, cache: createOutcomeCache() });
  return { judge, runner, fillIn, seed: 7, samples: 2, wanted: 8, runs };
}

describe('where code is masked', () => {
  test('in callers of what changed, held-out code and calls of tests, each with the tests that reach it', () => {
    const spans = candidates();
    expect(spans.length).toBeGreaterThan(4);
    for (const span of spans) {
      expect(texts.get(span.path)?.slice(span.range.start, span.range.end)).toBe(span.original);
      expect(span.tests).toEqual(['test/cart.test.ts']);
      const declaration = syntax.enclosing(span.path, texts.get(span.path) ?? '', span.range.start);
      const allowed = span.path.startsWith('test/') || (declaration !== null && (isHeldOut(declaration) || /price\(/.test(declaration.text)));
      expect(allowed, span.original).toBe(true);
    }
  });

  test('not where a pair shows the code', () => {
    const request = { tree, changes: changes(), testFiles: plan.testFiles, promptAt, inPair: () => true, random: new Random(1), perGranularity: 6 };
    expect(spanCandidates(request, syntax)).toEqual([]);
  });

  test('nowhere that no test reaches', () => {
    const request = { tree, changes: changes(), testFiles: [], promptAt, inPair: () => false, random: new Random(1), perGranularity: 6 };
    expect(spanCandidates(request, syntax)).toEqual([]);
  });
});

describe('a wrong text has the right type and the wrong value', () => {
  test.each([
    { granularity: 'expression', original: '!source.closed', texts: ['(!(!source.closed))'] },
    { granularity: 'expression', original: 'a === b', texts: ['(!(a === b))'] },
    { granularity: 'expression', original: 'cents * 100', texts: ['(-987654321)'] },
    { granularity: 'expression', original: '`x ${y}`', texts: ['("graft wrong")'] },
    { granularity: 'expression', original: '[a, b]', texts: ['([987654321])'] },
    { granularity: 'expression', original: 'find(book)', texts: ['({ graft: "wrong" })'] },
    { granularity: 'line', original: 'return 5;', texts: ['return -987654321;'] },
    { granularity: 'line', original: 'const a: A = f(x);', texts: ['const a: A = { graft: "wrong" };'] },
    { granularity: 'line', original: 'book.entries.push(entry);', texts: [';'] },
    { granularity: 'block', original: 'throw new Error("no");', texts: [''] },
    { granularity: 'body', original: 'const a = 1;\n  return a;', returnType: 'number', texts: ['return -987654321;'] },
    { granularity: 'body', original: 'return a > b;', returnType: 'boolean', texts: ['return true;', 'return false;'] },
    { granularity: 'body', original: 'log(a);', returnType: 'void', texts: [''] },
    { granularity: 'body', original: 'return [...a];', returnType: 'readonly Item[]', texts: ['return [987654321];'] },
    { granularity: 'body', original: 'return await f();', returnType: 'Promise<string>', texts: ['return "graft wrong";'] },
  ] as const)('$granularity $original', ({ granularity, original, texts: expected, ...rest }) => {
    expect(brokenTexts({ granularity, original, ...('returnType' in rest ? { returnType: rest.returnType } : {}) })).toEqual([...expected]);
  });
});

describe('judging a fill-in', () => {
  test('the text that stood there passes and one that does not parse fails, without a run', async () => {
    const sandbox = strict();
    const [span] = candidates();
    const { judge } = bench(sandbox, filling([], () => true));
    if (span === undefined) throw new Error('no span');
    expect(await judge.judge([{ span, text: `  ${span.original} ` }, { span, text: ')) {' }])).toEqual(['passed', 'failed']);
    expect(sandbox.runs()).toBe(0);
  });

  test('the same text is run once, also when another candidate writes it later', async () => {
    const sandbox = strict();
    const [span] = candidates();
    const { judge } = bench(sandbox, filling([], () => true));
    if (span === undefined) throw new Error('no span');
    await judge.judge([{ span, text: 'other(1)' }, { span, text: 'other(1)' }]);
    await judge.judge([{ span, text: 'other(1)' }]);
    // Twice untouched, once replaced.
    expect(sandbox.runs()).toBe(3);
  });

  test('a test file that ends early with status 0 fails', async () => {
    const sandbox = scriptedSandbox(({ files }) => (Object.keys(files).length === 0 ? 'passes' : 'endsEarly'));
    const [span] = candidates();
    const { judge } = bench(sandbox, filling([], () => true));
    if (span === undefined) throw new Error('no span');
    expect(await judge.judge([{ span, text: 'process.exit(0)' }])).toEqual(['failed']);
  });

  test('beyond the budget nothing is run, and it says so', async () => {
    const sandbox = strict();
    const spans = candidates();
    const { judge, runner } = bench(sandbox, filling([], () => true), 3);
    const answers = await judge.judge(spans.slice(0, 3).map((span) => ({ span, text: 'other(1)' })));
    expect(answers).toEqual(['failed', 'notRun', 'notRun']);
    expect([sandbox.runs(), runner.refused]).toEqual([3, 2]);
  });
});

describe('informative spans', () => {
  test('are those whose tests notice; both sides are asked with the same seeds', async () => {
    const spans = candidates();
    const active = filling(spans, (index) => index % 2 === 0);
    const parts = bench(strict(), active);
    const set = await prepareSpans(spans, against, parts);
    if (set.kind !== 'ready') throw new Error(set.note);
    expect(set.spans.length).toBeGreaterThanOrEqual(4);
    expect(set.activeRate).toBeGreaterThan(0.1);
    const candidate = filling(spans, () => true);
    const passes = await trySpans(set, 'candidate', { ...parts, fillIn: candidate });
    expect(passes.every((span) => span.candidate === 2 && span.samples === 2)).toBe(true);
    const seeds = new Map(active.asked.map(({ prompt, seed, temperature }) => [`${JSON.stringify(prompt)} ${temperature}`, seed]));
    for (const { prompt, seed, temperature } of candidate.asked) expect(seeds.get(`${JSON.stringify(prompt)} ${temperature}`)).toBe(seed);
  });

  test('ask the fill-ins of both sides in one batch and run them beside each other', async () => {
    const spans = candidates();
    const sandbox = strict();
    const written = filling(spans, (index) => index % 2 === 0);
    const set = await prepareSpans(spans, against, bench(sandbox, written));
    if (set.kind !== 'ready') throw new Error(set.note);
    const fillIns = written.asked.slice(2 * spans.length);
    expect(fillIns.filter(({ adapter }) => adapter === against.candidate)).toHaveLength(set.spans.length * 2);
    expect(fillIns.filter(({ adapter }) => adapter === against.active)).toHaveLength(set.spans.length * 2);
  });

  test('are judged on what completion would show: the rest of the line is not written twice', async () => {
    const restOf = ({ example: { prompt } }: Span) => (prompt.kind === 'fim' ? (prompt.suffix.split('\n', 1)[0] ?? '') : '');
    const spans = candidates().filter((span) => restOf(span) !== '');
    const written = filling(spans, () => true);
    const fillIn: FillIn = { generate: async (items) => (await written.generate(items)).map((each, index) => ({ ...each, text: each.text + restOf(present(spans.find(({ example }) => example.prompt === items[index]?.prompt))) })) };
    const found = spans.map((span) => ({ ...span, noticesWrongValue: true }));
    const passes = await trySpans({ kind: 'ready', spans: found, active: new Map(spans.map(({ id }) => [id, { passed: 0, samples: 2 }])), activeRate: 0, note: '' }, 'candidate', bench(strict(), fillIn));
    expect(passes.length).toBeGreaterThan(0);
    expect(passes.every(({ candidate }) => candidate === 2)).toBe(true);
  });

  test.each([
    { title: 'where the tests notice a wrong value', notices: /nothing\(1\)|graft|987654321|!\(/, kept: true },
    { title: 'unless all that they notice is what throws', notices: /nothing\(1\)/, kept: false },
  ])('count a text that passes and is not what stood there, $title', async ({ notices, kept }) => {
    const spans = candidates();
    const sandbox = scriptedSandbox(({ files }) => (Object.values(files).some((text) => notices.test(text)) ? 'fails' : 'passes'));
    // The greedy fill-in of the active version throws, the candidate's is right; what is sampled reads otherwise and passes.
    const fillIn: FillIn = {
      generate: async (items) =>
        items.map(({ prompt, adapter, temperature }) => {
          const original = present(spans.find(({ example }) => example.prompt === prompt)).original;
          return { text: temperature > 0 ? 'fine(1)' : adapter === null ? 'nothing(1)' : original, finish: 'stop', tokens: 1, meanLogProbability: 0 };
        }),
    };
    const parts = bench(sandbox, fillIn);
    const set = await prepareSpans(spans, against, parts);
    if (set.kind !== 'ready') throw new Error(set.note);
    const passes = await trySpans(set, 'candidate', parts);
    expect(passes.length > 0).toBe(kept);
    expect(passes.every(({ active, candidate }) => active === 1 && candidate === 2)).toBe(true);
  });

  test('there are none where the tests notice nothing', async () => {
    const spans = candidates();
    const set = await prepareSpans(spans, against, bench(scriptedSandbox(() => 'passes'), filling(spans, () => false)));
    expect(set).toMatchObject({ kind: 'inconclusive', informative: 0 });
  });

  test.each([
    { title: 'fail untouched', ending: () => 'fails' as const, note: 'no test file passes untouched (1 fail, 0 are flaky)' },
    { title: 'are flaky', ending: ({ call }: { call: number }) => (call % 2 === 0 ? ('fails' as const) : ('passes' as const)), note: 'no test file passes untouched (0 fail, 1 are flaky)' },
    { title: 'hang', ending: () => 'hangs' as const, note: 'no test file passes untouched (1 fail, 0 are flaky)' },
  ])('there are none where the tests $title', async ({ ending, note }) => {
    const spans = candidates();
    const set = await prepareSpans(spans, against, bench(scriptedSandbox(ending), filling(spans, () => true)));
    expect(set).toMatchObject({ kind: 'inconclusive', note: expect.stringContaining(note) });
  });
});

describe('probes', () => {
  const versions = [...texts].map(([path, after]) => ({ path, oldPath: path, before: null, after }));
  const probes = (budget: number) =>
    findProbes({ tree, changes: changes(), versions, testFiles: plan.testFiles, promptAt, before: null, inPair: () => false, random: new Random(2), budget }, syntax);

  test('are expected values, call sites and later lines; never the changed declaration itself unless it is held out', () => {
    const found = probes(40);
    const answers = (kind: string) => found.filter((probe) => probe.kind === kind).map(({ example }) => example.answer);
    expect(answers('assertion')).toEqual(expect.arrayContaining(['357', "'EUR 1.19'", '[1]']));
    expect(answers('callSite')).toEqual(expect.arrayContaining(['item', 'cents']));
    expect(answers('laterLine')).toEqual(expect.arrayContaining(['const prices = items.map((item) => price(item));']));
    const price = syntax.declarations('src/price.ts', texts.get('src/price.ts') ?? '')[0];
    if (price !== undefined && !isHeldOut(price)) expect(found.some(({ path }) => path === 'src/price.ts')).toBe(false);
  });

  test('ask what the commit adds to tests in the file as it was, whose other new lines are not shown', () => {
    const path = 'test/cart.test.ts';
    const after = present(texts.get(path));
    const before = after.replace(/^.*EUR 1.19.*\n|^.*cheapest\(.*\n/gm, '');
    const textsBefore = new Map([...texts, [path, before]]);
    const found = findProbes(
      { tree, changes: changes(), versions: [{ path, oldPath: path, before, after }], testFiles: plan.testFiles, promptAt, before: { texts: textsBefore, promptAt }, inPair: () => false, random: new Random(2), budget: 40 },
      syntax,
    ).filter(({ kind }) => kind === 'addedLine');
    const lines = found.map(({ example: { prompt, answer } }) => (prompt.kind === 'fim' ? `${present(prompt.prefix.split('\n').at(-1))}${answer}`.trim() : ''));
    expect(lines.sort()).toEqual(["assert.deepEqual([cheapest([3, 1])], [1]);", "assert.equal(label(100), 'EUR 1.19');"]);
    for (const { at, example: { prompt, answer } } of found) {
      expect(present(after.slice(at).split('\n')[0]).endsWith(answer)).toBe(true);
      if (prompt.kind !== 'fim') throw new Error('not a place in a file');
      const shown = `${prompt.prefix.slice(0, prompt.prefix.lastIndexOf('\n'))}${prompt.suffix}`;
      expect(shown).toBe(before);
    }
  });

  test('know the innermost declaration that they stand in; outside of all, a stretch of the file', () => {
    for (const { path, declaration, at } of probes(40)) {
      const around = syntax.declarations(path, texts.get(path) ?? '').filter(({ range }) => range.start <= at && at < range.end);
      if (around.length === 0) expect(declaration).toMatch(/^stretch \d+$/);
      else expect(around.map(({ qualifiedName }) => qualifiedName)).toContain(declaration);
    }
    expect(new Set(probes(40).map(({ declaration }) => declaration)).size).toBeGreaterThan(2);
  });

  test('keep to the budget, lines before anything else, and stay the same from run to run', () => {
    const lines = probes(40).filter(({ kind }) => kind === 'laterLine').length;
    expect(lines).toBeGreaterThan(5);
    expect(probes(lines).every(({ kind }) => kind === 'laterLine')).toBe(true);
    expect(probes(5)).toHaveLength(5);
    expect(probes(5)).toEqual(probes(5));
  });

  test('leave out what a pair shows', () => {
    const found = findProbes({ tree, changes: changes(), versions, testFiles: plan.testFiles, promptAt, before: null, inPair: () => true, random: new Random(2), budget: 40 }, syntax);
    expect(found).toEqual([]);
  });

  test.each([
    ['f(a, g(b, c), "x)")', 1, ['a', 'g(b, c)', '"x)"']],
    ['f()', 1, []],
    ['f(a, /* , */ b // )\n)', 1, ['a', '/* , */ b // )']],
    ['f(`a ${b}, )`, {c, d})', 1, ['`a ${b}, )`', '{c, d}']],
  ])('arguments of %s', (text, open, expected) => {
    expect(callArguments(text, open)?.arguments.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });

  test('a call that never closes has none', () => {
    expect(callArguments('f(a, "b', 1)).toBeNull();
  });
});

describe('the measures of a commit', () => {
  const tools = () => ({ syntax, countTokens: (text: string) => Math.ceil(text.length / 3), shape: servingShape });
  const files = new Map([...texts, ['package.json', '{"scripts":{"test":"node --test test/*.test.ts"}}']]);
  const material = () => ({
    repository: 'shop',
    commit: 'c1',
    changes: changes(),
    versions: [{ path: 'src/price.ts', oldPath: 'src/price.ts', before: null, after: texts.get('src/price.ts') ?? '' }],
    files: texts,
  });
  const commitTree = (packageText: string, disposed: string[]) => ({
    id: 't1',
    paths: [...files.keys()],
    readText: async (path: string) => (path === 'package.json' ? packageText : files.get(path)),
    checkOut: async () => ({ folder: '/tree', dispose: async () => void disposed.push('tree') }),
  });
  const measures = (options: { sandbox: Parameters<typeof createMeasures>[0]['sandbox']; fillIn: FillIn; packageText?: string; disposed?: string[]; runs?: number }) =>
    createMeasures({
      tools: tools(),
      fillIn: options.fillIn,
      sandbox: options.sandbox,
      treeOf: async () => commitTree(options.packageText ?? files.get('package.json') ?? '', options.disposed ?? []),
      installed: async () => null,
      knownHalves: async () => new Map(),
      cache: createOutcomeCache(),
      ...(options.runs === undefined ? {} : { budget: { runs: options.runs } }),
    });
  /** Knows everything under the name of `knowing`. */
  const model = (spans: () => readonly Span[], knowing: string): FillIn => ({
    generate: async (items) =>
      items.map(({ prompt, adapter }) => {
        const index = spans().findIndex((span) => JSON.stringify(span.example.prompt) === JSON.stringify(prompt));
        const knows = adapter === knowing || index % 2 === 0;
        return { text: knows ? (spans()[index]?.original ?? '') : 'nothing(1)', finish: 'stop', tokens: 1, meanLogProbability: 0 };
      }),
  });

  test('items come with halves; a candidate that writes better code has better tests, one that writes worse has worse', async () => {
    let spans: readonly Span[] = [];
    const disposed: string[] = [];
    const measured = measures({ sandbox: strict().sandbox, fillIn: model(() => spans, 'better'), disposed });
    const items = await measured.items(material());
    spans = items.spans;
    expect(items.probes.length).toBeGreaterThan(5);
    const request = { commit: 'c1', spans, active: null, candidate: 'better', seed: 3 };
    expect(await measured.compareTests(request)).toMatchObject({ kind: 'compared', comparison: { verdict: expect.stringMatching(/better|same/) } });
    const reverse = await measured.compareTests({ ...request, active: 'better', candidate: 'worse' });
    if (reverse.kind !== 'compared') throw new Error(reverse.note);
    expect(reverse.comparison.after).toBeLessThan(reverse.comparison.before);
    await measured.dispose();
    expect(disposed).toEqual(['tree']);
  });

  test('lines that are added are asked in the tree before the commit, where there was one', async () => {
    const path = 'test/cart.test.ts';
    const after = present(texts.get(path));
    const before = after.replace(/^.*EUR 1.19.*\n|^.*cheapest\(.*\n/gm, '').replace('src/cart.ts', 'src/older.ts');
    const moved = { path: 'src/cart.ts', oldPath: 'src/older.ts', before: 'export function total(): number {\n  return 4711;\n}\n', after: present(texts.get('src/cart.ts')) };
    const measured = measures({ sandbox: null, fillIn: filling([], () => true) });
    const { probes } = await measured.items({ ...material(), versions: [{ path, oldPath: path, before, after }, moved] });
    const added = probes.flatMap(({ kind, path: of, example: { prompt } }) => (kind === 'addedLine' && of === path && prompt.kind === 'fim' ? [prompt] : []));
    expect(added).toHaveLength(2);
    for (const { context } of added) expect(context.map((snippet) => snippet.path)).toEqual(['src/older.ts']);
    const { probes: ofRoot } = await measured.items({ ...material(), versions: [...texts].map(([each, text]) => ({ path: each, oldPath: each, before: null, after: text })) });
    expect(ofRoot.filter(({ kind }) => kind === 'addedLine')).toEqual([]);
  });

  test('a test file that passed twice at one commit runs once at the next', async () => {
    const sandbox = strict();
    const measured = measures({ sandbox: sandbox.sandbox, fillIn: filling([], () => true) });
    const untouched = () => sandbox.batches.flatMap(({ variants }) => variants.filter((variant) => Object.keys(variant.files).length === 0)).length;
    const counts = [];
    for (const commit of ['c1', 'c2']) {
      const { spans } = await measured.items({ ...material(), commit });
      await measured.compareTests({ commit, spans, active: null, candidate: 'a', seed: 3 });
      counts.push(untouched());
      // Between commits, which may be hours, nothing stays started.
      expect(sandbox.isOpen()).toBe(false);
    }
    expect(counts).toEqual([2, 3]);
  });

  test('every candidate of a cycle is compared, however many runs the search and the candidates before it took', async () => {
    const fillIn: FillIn = {
      generate: async (items) => items.map(({ adapter, seed }) => ({ text: `other(${adapter === null ? 0 : adapter.length}, ${seed})`, finish: 'stop', tokens: 1, meanLogProbability: 0 })),
    };
    const sandbox = strict();
    // Two untouched runs, five attempts, ten of the active version's fill-ins: nothing is left. The attempts were fill-ins of one side, which are not run again.
    const measured = measures({ sandbox: sandbox.sandbox, fillIn, runs: 17 });
    const { spans } = await measured.items(material());
    for (const candidate of ['a', 'bb', 'ccc']) {
      expect(await measured.compareTests({ commit: 'c1', spans, active: null, candidate, seed: 3 })).toMatchObject({ comparison: { verdict: 'same', informative: 5, trials: 10 } });
    }
    expect(sandbox.runs()).toBe(17 + 3 * 10 - 5);
  });

  test.each([
    { title: 'another runner', packageText: '{"scripts":{"test":"jest"}}', sandbox: () => strict().sandbox, note: 'tests not runnable: unsupportedRunner' },
    { title: 'missing dependencies', packageText: '{"scripts":{"test":"node --test test/*.test.ts"},"dependencies":{"a":"1"}}', sandbox: () => strict().sandbox, note: 'tests not runnable: dependencies' },
    { title: 'no sandbox', packageText: undefined, sandbox: () => absentSandbox('no user namespaces'), note: 'tests not runnable: noSandbox (no user namespaces)' },
    { title: 'tests turned off', packageText: undefined, sandbox: () => null, note: 'tests are turned off' },
  ])('$title is said', async ({ packageText, sandbox, note }) => {
    const measured = measures({ sandbox: sandbox(), fillIn: filling([], () => true), ...(packageText === undefined ? {} : { packageText }) });
    const items = await measured.items(material());
    const outcome = await measured.compareTests({ commit: 'c1', spans: candidates(), active: null, candidate: 'x', seed: 1 });
    expect(outcome).toMatchObject({ kind: 'notRunnable', note: expect.stringContaining(note) });
    expect(items.probes.length).toBeGreaterThan(0);
  });

  test('where tests cannot run that is said, and where nothing was masked that: no tree is checked out for either', async () => {
    const compareNothing = async (packageText?: string) => {
      const disposed: string[] = [];
      const measured = measures({ sandbox: strict().sandbox, fillIn: filling([], () => true), disposed, ...(packageText === undefined ? {} : { packageText }) });
      await measured.items(material());
      const outcome = await measured.compareTests({ commit: 'c1', spans: [], active: null, candidate: 'x', seed: 1 });
      await measured.dispose();
      expect(disposed).toEqual([]);
      return outcome;
    };
    expect(await compareNothing('{"scripts":{"test":"jest"}}')).toMatchObject({ kind: 'notRunnable' });
    expect(await compareNothing()).toMatchObject({ kind: 'compared', comparison: { verdict: 'inconclusive' }, note: 'no code that tests reach was masked' });
  });
});
