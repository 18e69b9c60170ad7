// Per-test results from node:test's TAP reporter. The text comes from a stranger's process: whatever it says is only counted.
import { Parser } from 'tap-parser';

export interface TestResult {
  /** Names of the suites and the test, joined by ` > `; a repeated name gets ` #2`. */
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** In the order of the report; suites are in it too. A torn report gives the tests before the tear. */
export function parseTap(text: string): TestResult[] {
  const results: TestResult[] = [];
  const seen = new Map<string, number>();
  const listen = (parser: Parser, prefix: string): void => {
    parser.on('child', (child) => listen(child, prefix + child.name.replace(/^Subtest: /, '') + ' > '));
    parser.on('assert', ({ ok, name, skip, todo }) => {
      const full = prefix + name;
      const count = (seen.get(full) ?? 0) + 1;
      seen.set(full, count);
      const skipped = isSet(skip) || isSet(todo);
      results.push({ name: count === 1 ? full : `${full} #${count}`, outcome: skipped ? 'skipped' : ok ? 'passed' : 'failed' });
    });
  };
  const parser = new Parser();
  listen(parser, '');
  parser.end(text);
  return results;
}

/** A version or a plan: without one, lines that look like results are what the tests happened to print. */
export function isTap(text: string): boolean {
  return /^(?:TAP version \d+|1\.\.\d+)/m.test(text);
}

/** A bare `# SKIP` is true, one with a reason is a text. */
function isSet(directive: boolean | string | undefined): boolean {
  return directive !== undefined && directive !== false;
}
