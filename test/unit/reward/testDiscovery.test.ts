// From package.json and a list of paths to what is run, or why nothing is.
import { describe, expect, test } from 'vitest';
import { parseTap } from '../../../server/reward/tapResults.ts';
import { readTestCommand } from '../../../server/reward/testCommand.ts';
import { ownTestFileCommand, readOwnTestCommand } from '../../../server/reward/ownTestCommand.ts';
import { matchTestFiles } from '../../../server/reward/testFiles.ts';
import { describeNotRunnable, planTests } from '../../../server/reward/testPlan.ts';
import type { TestProject } from '../../../server/reward/testPlan.ts';

describe('the test script', () => {
  test.each([
    ['node --test', [], []],
    ['node --import tsx --test test/*.test.ts', ['--import', 'tsx'], ['test/*.test.ts']],
    ['node --experimental-strip-types --test "src/**/*.test.ts"', ['--experimental-strip-types'], ['src/**/*.test.ts']],
    ['NODE_ENV=test node --test --test-reporter spec --test-concurrency=4', [], []],
    ['cross-env NODE_OPTIONS=--no-warnings node --test test/', [], ['test/']],
    ['tsx --test test/a.test.ts', ['--import', 'tsx'], ['test/a.test.ts']],
    ['npx tsx --test', ['--import', 'tsx'], []],
    ['c8 --check-coverage node --test --experimental-test-coverage', [], []],
    ['eslint . && tsc --noEmit && node --test', [], []],
    ['npm run lint && npm run unit', ['-r', './setup.js'], ['test']],
    ['node --test --test-name-pattern "fast one"', ['--test-name-pattern', 'fast one'], []],
  ])('%s', (script, nodeOptions, patterns) => {
    expect(readTestCommand({ test: script, lint: 'xo', unit: 'node --test -r ./setup.js test' })).toMatchObject({ kind: 'nodeTest', nodeOptions, patterns });
  });

  test('keeps environment assignments', () => {
    expect(readTestCommand({ test: 'A=1 cross-env B=2 node --test' })).toMatchObject({ environment: { A: '1', B: '2' } });
  });

  test.each(['vitest run', 'jest', 'npm run build && node --test dist', 'node test.js', 'node --test | tap-dot', 'node --test $FILES', 'echo "only this"', 'npm test'])('%s is refused with a reason', (script) => {
    expect(readTestCommand({ test: script, build: 'tsc' })).toMatchObject({ kind: 'unsupportedRunner', explanation: expect.stringContaining(' ') });
  });

  test('no script, or npm’s placeholder, is no command', () => {
    expect(readTestCommand({})).toEqual({ kind: 'noCommand' });
    expect(readTestCommand({ test: 'echo "Error: no test specified" && exit 1' })).toEqual({ kind: 'noCommand' });
  });
});

describe('a command of the user’s', () => {
  test.each([
    ['npx vitest run --reporter=tap-flat', ['node_modules/.bin/vitest', 'run', '--reporter=tap-flat', 'a.test.ts'], {}],
    ['CI=1 node --import tsx --test-reporter=tap {file}', ['node', '--import', 'tsx', '--test-reporter=tap', 'a.test.ts'], { CI: '1' }],
    ['npx --no-install ava --tap', ['node_modules/.bin/ava', '--tap', 'a.test.ts'], {}],
    ['sh "scripts/one test.sh" --only={file} --fast', ['sh', 'scripts/one test.sh', '--only=a.test.ts', '--fast'], {}],
  ])('%s', (text, words, environment) => {
    const command = readOwnTestCommand(text);
    expect(command).toMatchObject({ kind: 'own', environment });
    if (command.kind === 'own') expect(ownTestFileCommand(command.words, 'a.test.ts').slice(4)).toEqual(words);
  });

  test.each(['npm test', 'vitest run | tap-dot', 'node a.js && node b.js', 'node $FILE', 'CI=1', 'npx', '""', 'node "a'])('%s is refused with a reason', (text) => {
    expect(readOwnTestCommand(text)).toMatchObject({ kind: 'unsupportedRunner', explanation: expect.stringContaining('graft.tests.command') });
  });

  test('finds what other runners take for tests', () => {
    const files: Record<string, string> = { 'package.json': '{"scripts":{"test":"jest"}}' };
    const project = { paths: ['src/a.spec.ts', 'src/__tests__/b.js', 'src/a.ts'], textOf: (path: string) => files[path], installed: null };
    expect(planTests({ ...project, command: 'node run.js' })).toMatchObject({ kind: 'runnable', own: ['node', 'run.js', '{file}'], testFiles: ['src/__tests__/b.js', 'src/a.spec.ts'] });
    expect(planTests({ ...project, command: null })).toMatchObject({ kind: 'notRunnable', reason: 'unsupportedRunner' });
  });
});

test.each([
  { patterns: [], found: ['lib/a.test.js', 'test/deep/helper.js', 'test/x.ts', 'test-unit.mjs'] },
  { patterns: ['lib/*.test.js'], found: ['lib/a.test.js'] },
  { patterns: ['**/*.{test,spec}.js'], found: ['lib/a.test.js', 'lib/b.spec.js'] },
  { patterns: ['./test/'], found: ['test/deep/helper.js', 'test/x.ts'] },
  { patterns: ['test/?.ts'], found: ['test/x.ts'] },
  { patterns: ['nowhere/[a'], found: [] },
])('test files of $patterns', ({ patterns, found }) => {
  const paths = ['lib/a.js', 'lib/a.test.js', 'lib/b.spec.js', 'test/x.ts', 'test/deep/helper.js', 'test-unit.mjs', 'node_modules/m/test/y.js', 'test/types.d.ts'];
  expect(matchTestFiles(paths, patterns)).toEqual([...found].sort());
});

describe('a plan', () => {
  const manifest = JSON.stringify({ scripts: { test: 'node --import tsx --test' }, devDependencies: { tsx: '4' } });
  const project = (files: Record<string, string>, installed: TestProject['installed']): TestProject => ({
    paths: ['test/a.test.ts', ...Object.keys(files)],
    textOf: (path) => files[path],
    installed,
  });
  test('uses the installed dependencies when the lock file is the tree’s', () => {
    expect(planTests(project({ 'package.json': manifest, 'package-lock.json': 'L' }, { folder: '/m', textOf: () => 'L' }))).toEqual({
      kind: 'runnable',
      nodeOptions: ['--import', 'tsx'],
      testFiles: ['test/a.test.ts'],
      environment: {},
      dependencies: '/m',
    });
  });
  test.each([
    { title: 'package.json', name: 'package.json', text: (version: string, tsx: string) => JSON.stringify({ version, scripts: { test: 'node --import tsx --test' }, devDependencies: { tsx } }) },
    { title: 'a lock file', name: 'package-lock.json', text: (version: string, tsx: string) => JSON.stringify({ version, packages: { '': { version, devDependencies: { tsx } }, 'node_modules/tsx': { version: tsx } } }) },
  ])('a release without other dependencies keeps them, as $title tells', ({ name, text }) => {
    const plan = (at: string, installedFrom: string) => planTests(project({ 'package.json': manifest, [name]: at }, { folder: '/m', textOf: (path) => (path === name ? installedFrom : undefined) })).kind;
    expect(plan(text('1.0.1', '4'), text('1.0.0', '4'))).toBe('runnable');
    expect(plan(text('1.0.1', '5'), text('1.0.0', '4'))).toBe('notRunnable');
  });
  test('needs no dependencies where none are declared', () => {
    expect(planTests(project({ 'package.json': '{"scripts":{"test":"node --test"}}' }, null))).toMatchObject({ kind: 'runnable', dependencies: null });
  });
  test.each([
    { title: 'another lock file', files: { 'package.json': manifest, 'package-lock.json': 'new' }, installed: { folder: '/m', textOf: () => 'old' }, reason: 'dependencies' },
    { title: 'nothing installed', files: { 'package.json': manifest }, installed: null, reason: 'dependencies' },
    { title: 'no package.json', files: {}, installed: null, reason: 'noCommand' },
    { title: 'a broken package.json', files: { 'package.json': '{' }, installed: null, reason: 'noCommand' },
    { title: 'another runner', files: { 'package.json': '{"scripts":{"test":"jest"}}' }, installed: null, reason: 'unsupportedRunner' },
    { title: 'no matching file', files: { 'package.json': '{"scripts":{"test":"node --test none/*.js"}}' }, installed: null, reason: 'noTests' },
  ])('$title: not runnable, $reason', ({ files, installed, reason }) => {
    const plan = planTests(project(files as Record<string, string>, installed));
    expect(plan).toMatchObject({ kind: 'notRunnable', reason });
    if (plan.kind === 'notRunnable') expect(describeNotRunnable(plan)).toMatch(`tests not runnable: ${reason}`);
  });
});

describe('TAP', () => {
  const report = `TAP version 13
# Subtest: a
ok 1 - a
# Subtest: suite
    # Subtest: x
    ok 1 - x
    # Subtest: x
    not ok 2 - x
      ---
      error: 'ok 9 - not a test'
      ...
    1..2
not ok 2 - suite
ok 3 - later # SKIP
ok 4 - someday # TODO why
1..4
`;
  test('gives each test under its suite', () => {
    expect(parseTap(report)).toEqual([
      { name: 'a', outcome: 'passed' },
      { name: 'suite > x', outcome: 'passed' },
      { name: 'suite > x #2', outcome: 'failed' },
      { name: 'suite', outcome: 'failed' },
      { name: 'later', outcome: 'skipped' },
      { name: 'someday', outcome: 'skipped' },
    ]);
  });
  test.each(['', 'not tap at all', '1..0', 'ok 1 - a\nBail out!\n', '\u0000\u0001', 'ok '.repeat(10_000)])('never throws', (text) => {
    expect(Array.isArray(parseTap(text))).toBe(true);
  });
});
