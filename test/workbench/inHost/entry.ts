// The suite's two doors into an extension host: `activate`, for an editor that only installs extensions (it writes what came out to the file
// that GRAFT_IN_HOST_RESULT names), and `run`, for @vscode/test-electron. Mocha is part of the bundle; its reporter only collects.
import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';
import type { InHostResult } from './result.ts';

export async function activate(): Promise<void> {
  const file = process.env['GRAFT_IN_HOST_RESULT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(await runSuite()));
}

export async function run(): Promise<void> {
  const failed = (await runSuite()).filter(({ status }) => status !== 'passed');
  if (failed.length > 0) throw new Error(failed.map(({ title, error }) => `${title}: ${error ?? 'skipped'}`).join('\n'));
}

async function runSuite(): Promise<InHostResult[]> {
  const results: InHostResult[] = [];
  // Not an arrow: mocha calls it with `new`.
  const collect = function (runner: Mocha.Runner): void {
    runner.on('pass', (test) => results.push({ title: test.fullTitle(), status: 'passed' }));
    runner.on('fail', (test, error: unknown) => results.push({ title: test.fullTitle(), status: 'failed', error: error instanceof Error ? String(error.stack) : String(error) }));
    runner.on('pending', (test) => results.push({ title: test.fullTitle(), status: 'skipped' }));
  };
  const mocha = new Mocha({ ui: 'bdd', timeout: 300_000, reporter: collect as unknown as Mocha.ReporterConstructor });
  // What mocha does before it reads a file of tests: `describe` and `it` become global.
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  await import('./suite.ts');
  await new Promise((resolve) => mocha.run(resolve));
  return results;
}
