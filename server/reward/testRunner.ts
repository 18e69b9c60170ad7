// Runs single test files of one tree in the sandbox and says whether they pass. "Pass" is measured against the untouched tree: every test
// that passed there must be reported and pass, and the status must be 0, so that a fill-in which ends the process early fails.
import { present } from '../base/assert.ts';
import type { OpenSandbox, Sandbox, SandboxResult } from '../base/sandbox.ts';
import { ownTestFileCommand } from './ownTestCommand.ts';
import { isTap, parseTap } from './tapResults.ts';
import type { TestResult } from './tapResults.ts';
import type { RunnablePlan } from './testPlan.ts';

export interface TestRunnerOptions {
  readonly sandbox: Sandbox;
  readonly plan: RunnablePlan;
  /** The materialised tree. */
  readonly folder: string;
  /** Test files run in all, untouched runs included. What goes beyond is answered with 'notRun'. */
  readonly runs: number;
  /** Wall clock of one test file where the untouched runs have not said how long it takes. */
  readonly timeoutMs?: number;
  readonly concurrency?: number;
  /** What is known of test files from trees before; the runner adds what it finds. */
  readonly known?: KnownSteady;
}

/** By test file: the names of its tests, all of which passed twice running in a tree untouched. */
export type KnownSteady = Map<string, readonly string[]>;

export interface TestRequest {
  /** The one file that differs from the tree; null: untouched. */
  readonly replaced: { readonly path: string; readonly text: string } | null;
  readonly test: string;
}

export type TestAnswer = 'passed' | 'failed' | 'notRun';

export type Baseline =
  /** Passed twice with the same tests: here, or twice in an earlier tree and once here. */
  | { readonly kind: 'stable'; readonly passing: readonly string[]; readonly durationMs: number }
  | { readonly kind: 'flaky' }
  | { readonly kind: 'failing'; readonly output: string }
  | { readonly kind: 'notRun' };

export class TestRunner {
  private readonly baselines = new Map<string, Baseline>();
  private readonly known: KnownSteady;
  private runsLeft: number;
  private readonly opened: OpenSandbox;
  /** Why the sandbox could not be had, once that is known. */
  unavailable: string | null = null;
  /** What the sandbox could not give, such as 'overlay'. */
  readonly missing = new Set<string>();

  constructor(private readonly options: TestRunnerOptions) {
    this.runsLeft = options.runs;
    this.known = options.known ?? new Map();
    const { sandbox, folder: tree, plan } = options;
    this.opened = sandbox.open({ tree, ...(plan.dependencies === null ? {} : { dependencies: plan.dependencies }) });
  }

  /** Ends what runs tests until more are run. */
  close(): Promise<void> {
    return this.opened.close();
  }

  /** Requests that were refused because the budget was spent. */
  refused = 0;

  /** More runs than were agreed at first: what is compared later has its own. */
  grant(runs: number): void {
    this.runsLeft += runs;
  }

  /**
   * Each test file twice in the untouched tree, once per runner. One that passed twice in an earlier tree runs once, and again only
   * if it does not show the same tests, all passed: what changed since may have made it flaky.
   */
  async baseline(tests: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Baseline>> {
    const fresh = [...new Set(tests)].filter((test) => !this.baselines.has(test));
    const runs = new Map(fresh.map((test) => [test, [] as SandboxResult[]]));
    const runEach = async (each: readonly string[]): Promise<void> => {
      const results = await this.execute(each.map((test): TestRequest => ({ replaced: null, test })), signal);
      each.forEach((test, index) => {
        const result = results[index];
        if (result !== undefined) runs.get(test)?.push(result);
      });
    };
    await runEach(fresh.flatMap((test) => (this.known.has(test) ? [test] : [test, test])));
    await runEach(fresh.filter((test) => this.known.has(test) && runs.get(test)?.length === 1 && !isRepeated(this.known.get(test), runs.get(test)?.[0], this.options.plan)));
    for (const test of fresh) this.baselines.set(test, this.baselineOf(test, runs.get(test) ?? []));
    return this.baselines;
  }

  private baselineOf(test: string, [first, second]: readonly SandboxResult[]): Baseline {
    const { plan } = this.options;
    const before = this.known.get(test);
    if (first !== undefined && isRepeated(before, first, plan)) return { kind: 'stable', passing: passingTests(first, plan), durationMs: first.durationMs };
    const baseline = compareRuns(first, second, plan);
    if (baseline.kind === 'stable') this.known.set(test, baseline.passing);
    else if (baseline.kind !== 'notRun') this.known.delete(test);
    return baseline;
  }

  /** In the order of the requests. Test files without a stable baseline are not run. */
  async run(requests: readonly TestRequest[], signal?: AbortSignal): Promise<TestAnswer[]> {
    const baselines = await this.baseline(requests.map(({ test }) => test), signal);
    const stable = requests.filter(({ test }) => baselines.get(test)?.kind === 'stable');
    const results = await this.execute(stable, signal);
    const answers = new Map<TestRequest, TestAnswer>();
    stable.forEach((request, index) => {
      const baseline = baselines.get(request.test);
      const result = results[index];
      if (baseline?.kind === 'stable' && result !== undefined) answers.set(request, passes(baseline.passing, result, this.options.plan) ? 'passed' : 'failed');
    });
    return requests.map((request) => answers.get(request) ?? 'notRun');
  }

  /** Undefined where the budget or the sandbox was missing. */
  private async execute(requests: readonly TestRequest[], signal?: AbortSignal): Promise<(SandboxResult | undefined)[]> {
    const { plan, concurrency, timeoutMs = 15_000 } = this.options;
    const affordable = this.unavailable === null ? requests.slice(0, this.runsLeft) : [];
    this.refused += requests.length - affordable.length;
    if (affordable.length === 0) return requests.map(() => undefined);
    this.runsLeft -= affordable.length;
    const batch = await this.opened.run({
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(signal === undefined ? {} : { signal }),
      limits: { timeoutMs },
      variants: affordable.map(({ replaced, test }, index) => ({
        id: String(index),
        files: replaced === null ? {} : { [replaced.path]: replaced.text },
        command: testFileCommand(plan, test),
        environment: plan.environment,
        timeoutMs: this.timeoutFor(test, timeoutMs),
      })),
    });
    if (batch.kind === 'sandboxUnavailable') {
      this.unavailable = batch.why;
      return requests.map(() => undefined);
    }
    batch.missing.forEach((what) => this.missing.add(what));
    return requests.map((_, index) => batch.results[index]);
  }

  /** Ten times what the untouched run took, since a fill-in that hangs costs all of it. */
  private timeoutFor(test: string, longestMs: number): number {
    const baseline = this.baselines.get(test);
    return baseline?.kind === 'stable' ? Math.min(longestMs, Math.max(1500, 10 * baseline.durationMs)) : longestMs;
  }
}

/** One process per file, as `node --test` would start it, but with the report apart from what the tests print. */
export function testFileCommand(plan: Pick<RunnablePlan, 'nodeOptions' | 'own'>, test: string): string[] {
  if (plan.own !== undefined) return ownTestFileCommand(plan.own, test);
  return ['node', ...plan.nodeOptions, '--test-reporter=tap', '--test-reporter-destination=/report', test.startsWith('-') ? `./${test}` : test];
}

function isRepeated(names: readonly string[] | undefined, result: SandboxResult | undefined, plan: RunnablePlan): boolean {
  if (names === undefined || result === undefined || result.outcome !== 'exited' || result.status !== 0) return false;
  return passingTests(result, plan).join('\n') === names.join('\n');
}

function compareRuns(first: SandboxResult | undefined, second: SandboxResult | undefined, plan: RunnablePlan): Baseline {
  if (first === undefined || second === undefined) return { kind: 'notRun' };
  const runs = [first, second].map((result) => ({ result, passing: passingTests(result, plan) }));
  const good = runs.map(({ result, passing }) => result.outcome === 'exited' && result.status === 0 && passing.length > 0);
  const [a, b] = [present(runs[0]), present(runs[1])];
  if (good[0] !== good[1]) return { kind: 'flaky' };
  if (!good[0] && plan.own !== undefined && !isTap(a.result.report)) return { kind: 'failing', output: `graft.tests.command printed no TAP on standard output (status ${a.result.status}): ${a.result.output.trim().slice(-200)}` };
  if (!good[0]) return { kind: 'failing', output: `${a.result.outcome} ${a.result.status}: ${a.result.output.slice(-400)}` };
  if (a.passing.join('\n') !== b.passing.join('\n')) return { kind: 'flaky' };
  return { kind: 'stable', passing: a.passing, durationMs: Math.max(a.result.durationMs, b.result.durationMs) };
}

function passes(passing: readonly string[], result: SandboxResult, plan: RunnablePlan): boolean {
  if (result.outcome !== 'exited' || result.status !== 0) return false;
  const now = new Set(passingTests(result, plan));
  return passing.every((name) => now.has(name));
}

/** A file of bare assertions reports no test and counts as one that passed when its status is 0; a command of the user's must report. */
function passingTests({ report, outcome, status }: SandboxResult, { own }: RunnablePlan): string[] {
  if (own !== undefined && !isTap(report)) return [];
  const tests: TestResult[] = parseTap(report);
  if (tests.length === 0) return own === undefined && outcome === 'exited' && status === 0 ? ['(file)'] : [];
  return tests.filter((test) => test.outcome === 'passed').map(({ name }) => name).sort();
}
