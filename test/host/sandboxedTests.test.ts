// Real node:test files in the real sandbox, plain and under a TypeScript loader: what counts as passing, flaky and failing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLinuxSandbox } from '../../server/host/sandbox.ts';
import { TestRunner } from '../../server/reward/testRunner.ts';
import type { RunnablePlan } from '../../server/reward/testPlan.ts';

const sum = 'export const sum = (a, b) => a + b;\n';
const files: Record<string, string> = {
  'package.json': '{"type":"module"}',
  'sum.js': sum,
  'typed.ts': 'export function twice(a: number): number { return 2 * a; }\n',
  'good.test.js': `import test, { describe, it } from 'node:test'; import assert from 'node:assert'; import { sum } from './sum.js';
    console.log('ok 1 - printed, not reported\\nnot ok 2 - neither');
    describe('sums', () => { it('two', () => assert.equal(sum(1, 2), 3)); it.skip('later', () => {}); });
    test('talks to itself', async () => {
      const { createServer } = await import('node:http');
      const server = createServer((request, response) => response.end('hi')).listen(0, '127.0.0.1');
      await new Promise((done) => server.on('listening', done));
      assert.equal(await (await fetch('http://127.0.0.1:' + server.address().port)).text(), 'hi');
      server.close(); server.closeAllConnections();
    });`,
  'bad.test.js': `import test from 'node:test'; test('fails', () => { throw new Error('always'); });`,
  'flaky.test.js': `import test from 'node:test'; test('named ' + Math.random(), () => {});`,
  'bare.test.js': `import assert from 'node:assert'; import { sum } from './sum.js'; assert.equal(sum(2, 2), 4);`,
  'typed.test.ts': `import test from 'node:test'; import assert from 'node:assert'; import { twice } from './typed.ts'; test('twice', () => assert.equal(twice(2) as number, 4));`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'graft-sandboxed-tests-'));
  mkdirSync(join(folder, 'tree'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'tree', name), text);
});
afterAll(async () => {
  for (const each of started) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

const started: TestRunner[] = [];

function runner(plan: Partial<RunnablePlan> = {}): TestRunner {
  const whole: RunnablePlan = { kind: 'runnable', nodeOptions: [], testFiles: Object.keys(files).filter((name) => name.includes('.test.')), environment: {}, dependencies: null, ...plan };
  const made = new TestRunner({ sandbox: createLinuxSandbox(), plan: whole, folder: join(folder, 'tree'), runs: 100, timeoutMs: 20_000 });
  started.push(made);
  return made;
}

describe('plain JavaScript', () => {
  test('untouched test files are stable, failing or flaky', async () => {
    const baselines = await runner().baseline(['good.test.js', 'bad.test.js', 'flaky.test.js', 'bare.test.js']);
    expect([...baselines].map(([name, { kind }]) => [name, kind])).toEqual([
      ['good.test.js', 'stable'],
      ['bad.test.js', 'failing'],
      ['flaky.test.js', 'flaky'],
      ['bare.test.js', 'stable'],
    ]);
    expect(baselines.get('good.test.js')).toMatchObject({ passing: ['sums', 'sums > two', 'talks to itself'] });
  });

  test('code that is replaced passes or fails by what its tests say', async () => {
    const replaced = (text: string) => ({ replaced: { path: 'sum.js', text }, test: 'good.test.js' });
    const answers = await runner().run([
      replaced(sum),
      replaced('export const sum = (a, b) => b - -a;'),
      replaced('export const sum = (a, b) => a * b;'),
      replaced('process.exit(0);'),
      replaced('while (true) {}'),
      replaced('export const sum = ('),
      { replaced: { path: 'sum.js', text: 'export const sum = () => 0;' }, test: 'bare.test.js' },
      { replaced: null, test: 'bad.test.js' },
    ]);
    expect(answers).toEqual(['passed', 'passed', 'failed', 'failed', 'failed', 'failed', 'failed', 'notRun']);
  });
});

test('TypeScript runs under the loader that the test command names', async () => {
  const typed = runner({ nodeOptions: ['--import', 'tsx'], dependencies: join(import.meta.dirname, '../../node_modules') });
  const answers = await typed.run([
    { replaced: null, test: 'typed.test.ts' },
    { replaced: { path: 'typed.ts', text: 'export function twice(a: number): number { return a + 1; }' }, test: 'typed.test.ts' },
  ]);
  expect(answers).toEqual(['passed', 'failed']);
});

describe('a command of the user’s', () => {
  const own = (words: readonly string[], more: Partial<RunnablePlan> = {}): TestRunner => runner({ own: [...words, '{file}'], ...more });

  test('says by TAP on its standard output what passes', async () => {
    const answers = await own(['node', '--test-reporter=tap']).run([
      { replaced: null, test: 'good.test.js' },
      { replaced: { path: 'sum.js', text: 'export const sum = (a, b) => a * b;' }, test: 'good.test.js' },
      { replaced: { path: 'sum.js', text: 'process.exit(0);' }, test: 'good.test.js' },
    ]);
    expect(answers).toEqual(['passed', 'failed', 'failed']);
  });

  test('that prints no TAP is not believed, whatever its status', async () => {
    const baselines = await own(['node', '--test-reporter=dot']).baseline(['good.test.js']);
    expect(baselines.get('good.test.js')).toMatchObject({ kind: 'failing', output: expect.stringContaining('printed no TAP') });
  });

  test('may be another runner: vitest', async () => {
    writeFileSync(join(folder, 'tree', 'sum.spec.js'), "import { expect, test } from 'vitest'; import { sum } from './sum.js'; test('sums', () => expect(sum(2, 3)).toBe(5));");
    const vitest = own(['node_modules/.bin/vitest', 'run', '--reporter=tap-flat'], { dependencies: join(import.meta.dirname, '../../node_modules') });
    const answers = await vitest.run([
      { replaced: null, test: 'sum.spec.js' },
      { replaced: { path: 'sum.js', text: 'export const sum = (a, b) => a * b;' }, test: 'sum.spec.js' },
    ]);
    expect(answers).toEqual(['passed', 'failed']);
  }, 60_000);
});
