// How few test runs find the spans that tests can judge: order, early ends, what is kept back, what is known from commits before.
import { beforeAll, describe, expect, test } from 'vitest';
import type { GenerateItem } from '../../../server/base/prompt.ts';
import { informativeSpans } from '../../../server/reward/informativeSpans.ts';
import { createOutcomeCache } from '../../../server/reward/outcomeCache.ts';
import type { Span } from '../../../server/reward/probe.ts';
import { rememberedFillIn } from '../../../server/reward/rememberedFillIn.ts';
import { createSpanJudge } from '../../../server/reward/spanJudge.ts';
import { byPromise } from '../../../server/reward/spanPromise.ts';
import { TestRunner, type KnownSteady } from '../../../server/reward/testRunner.ts';
import type { Syntax } from '../../../server/syntax/syntax.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';
import { scriptedSandbox, type ScriptedEnding } from '../../support/scriptedSandbox.ts';

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax();
});

const names = ['one', 'two', 'three', 'four', 'five', 'six'] as const;
const source = names.map((name, index) => `export const ${name} = find(${index}, 'x');\n`).join('');
const tree = { repository: 'shop', commit: 'c1', tree: 't1', texts: new Map([['a.ts', source]]) };

function span(name: string, tests: readonly string[] = ['near.test.ts', 'far.test.ts']): Span {
  const original = `find(${names.indexOf(name as 'one')}, 'x')`;
  const start = source.indexOf(original);
  const prompt = { kind: 'fim', repository: 'shop', path: 'a.ts', prefix: '', suffix: '', context: [] } as const;
  return { id: `00000${name}`, granularity: 'expression', path: 'a.ts', range: { start, end: start + original.length }, original, example: { prompt, answer: original }, tests, half: 'judge', declaration: name };
}

interface SearchOptions {
  readonly notices: (name: string, test: string) => boolean;
  /** What of the sides' own text they notice; absent: all. */
  readonly noticesWritten?: (text: string) => boolean;
  readonly written?: Readonly<Record<string, readonly [active: string, candidate: string]>>;
  readonly wanted?: number;
  readonly runs?: number;
  readonly known?: KnownSteady;
}

/** Tests notice nothing but a broken span that `notices` names. Where nothing else is said both sides wrote what stood there. */
function search(spans: readonly Span[], options: SearchOptions) {
  const { sandbox, batches, runs } = scriptedSandbox(({ test, files }) => {
    const text = files['a.ts'];
    if (text === undefined) return 'passes';
    const broken = names.find((name) => text.includes(`const ${name} = ({`));
    const other = /= (other\w*\(\))/.exec(text)?.[1];
    if (other !== undefined) return options.noticesWritten?.(other) === false ? 'passes' : 'fails';
    return broken !== undefined && options.notices(broken, test) ? 'fails' : 'passes';
  });
  const written = new Map(spans.map(({ id, declaration, original }) => {
    const [active, candidate] = options.written?.[declaration ?? ''] ?? [original, original];
    return [id, { active, candidate }];
  }));
  const runner = new TestRunner({ sandbox, plan, folder: '/tree', runs: options.runs ?? 100, ...(options.known ? { known: options.known } : {}) });
  const judge = createSpanJudge({ tree, syntax, runner, cache: createOutcomeCache() });
  const found = informativeSpans(spans, { written, judge, runner, wanted: options.wanted ?? 4, runs: options.runs ?? 100, runsPerSpan: 2 });
  const asked = () => batches.flatMap(({ variants }) => variants.map(({ command, files }) => ({ test: command.at(-1), broken: Object.keys(files).length > 0, text: files['a.ts'] ?? '' })));
  return { found, judge, runs, asked };
}

const plan = { kind: 'runnable', nodeOptions: [], testFiles: ['near.test.ts', 'far.test.ts'], environment: {}, dependencies: null } as const;

describe('the search', () => {
  test('takes one run a span where the nearest test notices, and asks no other test', async () => {
    const { found, runs, asked } = search(names.map((name) => span(name)), { notices: () => true });
    expect(await found).toMatchObject({ ended: 'enough', spans: [{ tests: ['near.test.ts'] }, {}, {}, {}] });
    // Twice untouched, once for each span.
    expect(runs()).toBe(6);
    expect(asked().every((run) => run.test === 'near.test.ts')).toBe(true);
  });

  test('tries every span by its nearest test before any by its second', async () => {
    const { found, asked } = search(names.map((name) => span(name)), { notices: (name, file) => name !== 'two' && (file === 'far.test.ts' || name === 'six'), wanted: 2 });
    expect((await found).spans.map(({ declaration, tests }) => [declaration, ...tests])).toEqual([['six', 'near.test.ts'], ['one', 'far.test.ts']]);
    const broken = asked().filter((run) => run.broken).map((run) => run.test);
    expect(broken).toEqual([...Array.from({ length: 6 }, () => 'near.test.ts'), 'far.test.ts', 'far.test.ts']);
  });

  test('keeps back the runs that judging the found spans takes', async () => {
    const { found, runs } = search(names.map((name) => span(name)), { notices: () => true, wanted: 6, runs: 12 });
    const { spans, ended } = await found;
    expect([ended, spans.length]).toEqual(['budget', 3]);
    // Twice untouched, three broken, and as many as six fit into twelve beside that.
    expect(runs()).toBe(5);
  });

  test('finds the same where more is known from commits before', async () => {
    const options = { notices: (name: string) => name > 'o', wanted: 6, runs: 12 };
    const spans = names.map((name) => span(name));
    const known: KnownSteady = new Map([['near.test.ts', ['one', 'two']]]);
    const [fresh, later] = [search(spans, options), search(spans, { ...options, known })];
    expect(await later.found).toEqual(await fresh.found);
    expect(later.runs()).toBe(fresh.runs() - 1);
  });

  test('tries one more than it wants rather than leave a core idle', async () => {
    const { found, asked } = search(names.map((name) => span(name)), { notices: (name) => name !== 'one', wanted: 3 });
    expect((await found).spans.map(({ declaration }) => declaration)).toEqual(['two', 'three', 'four']);
    expect(asked().filter((run) => run.broken)).toHaveLength(4);
  });

  test('asks first about what a side wrote, which then needs no run to be judged', async () => {
    const spans = names.map((name) => span(name));
    const written = Object.fromEntries(spans.map(({ declaration, original }) => [declaration, [original, 'other()'] as const]));
    const { found, judge, runs } = search(spans, { notices: () => true, written });
    const result = await found;
    expect(result.spans.map(({ noticesWrongValue }) => noticesWrongValue)).toEqual([false, false, false, false]);
    expect(runs()).toBe(6);
    expect(await judge.judge(result.spans.map((each) => ({ span: each, text: 'other()' })))).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(runs()).toBe(6);
  });

  test('asks at once about a wrong value where what was written passes', async () => {
    const { found, asked } = search(names.map((name) => span(name)), { notices: () => true, noticesWritten: () => false, written: { one: ['other()', 'other()'] }, wanted: 2 });
    expect((await found).spans).toMatchObject([{ declaration: 'two', noticesWrongValue: true }, { declaration: 'one', noticesWrongValue: true }]);
    const broken = asked().filter((run) => run.broken);
    expect(broken.map(({ text }) => names.find((name) => new RegExp(`const ${name} = (?:other|\\(\\{)`).test(text)))).toEqual(['one', 'two', 'one', 'three']);
  });

  test('finds the same with the sides swapped', async () => {
    const written = { one: ['otherB()', 'otherA()'], two: ['otherB()', "find(1, 'x')"], three: ["find(2, 'x')", 'otherA()'] } as const;
    const swapped = Object.fromEntries(Object.entries(written).map(([name, [active, candidate]]) => [name, [candidate, active] as const]));
    const options = { notices: (name: string) => name !== 'four', noticesWritten: (text: string) => text === 'otherA()', wanted: 3 };
    const [one, other] = [search(names.map((name) => span(name)), { ...options, written }), search(names.map((name) => span(name)), { ...options, written: swapped })];
    expect(await one.found).toEqual(await other.found);
    expect(one.asked()).toEqual(other.asked());
  });

  test('ends where nothing is left to try', async () => {
    expect(await search([span('one'), span('two')], { notices: (name) => name === 'one' }).found).toMatchObject({ ended: 'exhausted', spans: [{ declaration: 'one' }] });
  });

  test('takes one of two spans in the same place', async () => {
    const again: Span = { ...span('one'), id: '0000again' };
    const { found } = search([span('one'), again, span('two')], { notices: () => true });
    expect((await found).spans.map(({ id }) => id)).toEqual([span('one').id, span('two').id]);
  });
});

describe('the order of trying', () => {
  const greedy = (texts: Record<string, readonly [string, string]>, swapped = false) =>
    new Map(Object.entries(texts).map(([name, [a, b]]) => [span(name).id, swapped ? { active: b, candidate: a } : { active: a, candidate: b }]));
  const written: Record<string, readonly [string, string]> = {
    one: ['find(', 'find('],
    two: ['wrong()', 'other()'],
    three: ['wrong()', 'wrong( )'],
    four: ["find(3, 'x')", "find(3, 'x')"],
    five: ['wrong()', "find(4, 'x')"],
    six: ["find(5, 'x')", '))'],
  };
  const judge = () => createSpanJudge({ tree, syntax, runner: new TestRunner({ sandbox: scriptedSandbox(() => 'passes').sandbox, plan, folder: '/tree', runs: 0 }), cache: createOutcomeCache() });
  const order = (swapped: boolean) => byPromise(names.map((name) => span(name)), greedy(written, swapped), judge()).map(({ declaration }) => declaration);

  test('is by how likely the two sides differ, in the greedy fill-in or in one sampled beside it', () => {
    expect(order(false)).toEqual(['six', 'five', 'four', 'two', 'three', 'one']);
  });

  test('is the same with the sides swapped, so that luck of one side chooses nothing', () => {
    expect(order(true)).toEqual(order(false));
  });

  test('among equals asks one test file for three spans before a second, and no file for all', () => {
    const alike = greedy(Object.fromEntries(names.map((name) => [name, ['wrong()', 'wrong()']])));
    const spans = names.map((name) => span(name, [name === 'two' ? 'far.test.ts' : 'near.test.ts']));
    expect(byPromise(spans, alike, judge()).map(({ declaration }) => declaration)).toEqual(['one', 'three', 'four', 'two', 'five', 'six']);
  });
});

describe('fill-ins', () => {
  test('are generated once for each adapter and seed', async () => {
    const asked: GenerateItem[] = [];
    const fillIn = rememberedFillIn({
      async generate(items) {
        asked.push(...items);
        return items.map(({ seed }) => ({ text: String(seed), finish: 'stop', tokens: 1, meanLogProbability: 0 }));
      },
    });
    const item = (seed: number, adapter: string | null): GenerateItem => ({ prompt, adapter, maxTokens: 8, temperature: 0, seed });
    const { prompt } = span('one').example;
    await fillIn.generate([item(1, null)]);
    const texts = await fillIn.generate([item(2, null), item(1, null), item(1, 'a')]);
    expect(texts.map(({ text }) => text)).toEqual(['2', '1', '1']);
    expect(asked).toHaveLength(3);
  });
});

describe('a test file that passed twice in a tree before', () => {
  const runnerOf = (known: KnownSteady, ending: (call: number) => ScriptedEnding) => {
    const scripted = scriptedSandbox(({ call }) => ending(call));
    return { ...scripted, runner: new TestRunner({ sandbox: scripted.sandbox, plan, folder: '/tree', runs: 9, known }) };
  };

  test('is remembered, and runs once', async () => {
    const known: KnownSteady = new Map();
    await runnerOf(known, () => 'passes').runner.baseline(['near.test.ts']);
    const { runner, runs } = runnerOf(known, () => 'passes');
    expect((await runner.baseline(['near.test.ts'])).get('near.test.ts')).toMatchObject({ kind: 'stable', passing: ['one', 'two'] });
    expect(runs()).toBe(1);
  });

  test('runs twice where it has other tests now', async () => {
    const known: KnownSteady = new Map([['near.test.ts', ['one']]]);
    const { runner, runs } = runnerOf(known, () => 'passes');
    expect((await runner.baseline(['near.test.ts'])).get('near.test.ts')).toMatchObject({ kind: 'stable', passing: ['one', 'two'] });
    expect(runs()).toBe(2);
    expect(known.get('near.test.ts')).toEqual(['one', 'two']);
  });

  test.each([
    { title: 'now and then fails', ending: (call: number): ScriptedEnding => (call === 1 ? 'fails' : 'passes'), kind: 'flaky' },
    { title: 'fails', ending: (): ScriptedEnding => 'fails', kind: 'failing' },
  ])('is no longer trusted where it $title', async ({ ending, kind }) => {
    const known: KnownSteady = new Map([['near.test.ts', ['one', 'two']]]);
    const { runner } = runnerOf(known, ending);
    expect((await runner.baseline(['near.test.ts'])).get('near.test.ts')).toMatchObject({ kind });
    expect(known.size).toBe(0);
  });
});
