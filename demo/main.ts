// `npm run demo`: learns a repository commit by commit with the bundled starter model, prints what was learnt and why it was kept or not,
// and writes a report. Without --repo the repository is the small evolving project in demo/history.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Commit } from '../server/git/commit.ts';
import type { ReplayStep } from '../server/evaluation/replayResult.ts';
import { installationAt, userCacheFolder } from '../server/installation.ts';
import { openWorkspace, type Workspace } from '../server/openWorkspace.ts';
import { replayWorkspace } from '../server/replayWorkspace.ts';
import { htmlReport } from '../server/report/htmlReport.ts';
import { materialise } from './materialise.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const program = new Command('npm run demo --')
  .option('--repo <path>', 'learn this repository instead of the bundled project')
  .option('--commits <n>', 'with --repo: the newest so many commits of the branch that is checked out', wholeNumber, 20)
  .option('--json <file>', 'write the figures as JSON')
  .option('--report <file>', 'where the HTML report goes', 'graft-report.html')
  .option('--model <name or folder>', 'default: the bundled starter model')
  .option('--seed <n>', 'same seed, same run', wholeNumber, 1)
  .option('--items <n>', 'next-commit items per commit, at most', wholeNumber, 24)
  .parse();
const options = program.opts<{ repo?: string; commits: number; json?: string; report: string; model?: string; seed: number; items: number }>();

await main();

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'graft-demo-'));
  try {
    const folder = options.repo === undefined ? join(scratch, 'tally') : resolve(options.repo);
    if (options.repo === undefined) materialise(folder, join(root, 'node_modules'));
    // The user's own versions stay as they are: a replay has a store of its own.
    const workspace = await openWorkspace({
      folder,
      storeRoot: join(scratch, 'versions'),
      installation: installationAt(root),
      cacheFolder: userCacheFolder(),
      model: options.model,
      authors: { kind: 'everyone' },
      runTests: true,
      onEngineCrash: (message) => console.error(message),
    });
    try {
      await run(workspace);
    } finally {
      await workspace.dispose();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function run(workspace: Workspace): Promise<void> {
  const { model } = workspace.opened;
  const commits = await commitsToLearn(workspace);
  console.log(`${workspace.repository.name}: ${commits.length} commits, model ${model.info.name} (${(model.info.parameters / 1e6).toFixed(1)} M parameters), ${model.info.engine}\n`);
  const result = await replayWorkspace(workspace, {
    name: workspace.repository.name,
    commits,
    seed: options.seed,
    itemsPerCommit: options.items,
    onStep: (step) => console.log(describeStep(step)),
  });
  const { summary } = result;
  const { nextCommit } = summary;
  const { logLikelihood: likelihood } = nextCommit;
  const fixed = (value: number) => value.toFixed(3);
  console.log(`
Next-commit lines, asked before their commit was learnt: ${nextCommit.items}
                                   base   adapted   other repository
  log-likelihood, nats per token ${[likelihood.base, likelihood.adapted, likelihood.otherRepository].map((v) => fixed(v).padStart(8)).join('  ')}
  exact match                    ${[nextCommit.exactMatch.base, nextCommit.exactMatch.adapted, nextCommit.exactMatch.otherRepository].map((v) => fixed(v).padStart(8)).join('  ')}
  edit similarity                ${[nextCommit.editSimilarity.base, nextCommit.editSimilarity.adapted, nextCommit.editSimilarity.otherRepository].map((v) => fixed(v).padStart(8)).join('  ')}
  adapted minus base             ${fixed(likelihood.gain)} [${fixed(likelihood.gainLow)}, ${fixed(likelihood.gainHigh)}]
  adapted minus other repository ${fixed(likelihood.gainOverOther)} [${fixed(likelihood.gainOverOtherLow)}, ${fixed(likelihood.gainOverOtherHigh)}]
  next-commit gain of promoted   ${describeFresh(nextCommit.promotedGain)}
  next-commit gain of rejected   ${describeFresh(nextCommit.rejectedGain)}
  placebos promoted              ${summary.placebo.promoted} of ${summary.placebo.tried}
  (90 % intervals, paired bootstrap clustered by commit and file; ${summary.seconds.toFixed(0)} s in all)`);
  const uplot = join(root, 'node_modules', 'uplot', 'dist');
  const html = htmlReport(result, {
    model: model.info.name,
    chartLibrary: { script: readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'), style: readFileSync(join(uplot, 'uPlot.min.css'), 'utf8') },
  });
  writeFileSync(options.report, html);
  console.log(`\nReport: ${resolve(options.report)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
}

/** The demo's two branches in the order of their commits; of another repository, the branch that is checked out. */
async function commitsToLearn({ repository }: Workspace): Promise<{ branch: string; commit: Commit }[]> {
  if (options.repo !== undefined) {
    const state = await repository.state();
    if (state.kind !== 'onBranch') throw new Error(`The repository is not on a branch (${state.kind}). Check one out and try again.`);
    const commits = await repository.log({ to: state.head, firstParent: true, limit: options.commits });
    return commits.reverse().map((commit) => ({ branch: state.branch, commit }));
  }
  const oldestFirst = async (branch: string, except: string[]) =>
    (await repository.log({ to: `refs/heads/${branch}`, except })).reverse().map((commit) => ({ branch, commit }));
  const main = await oldestFirst('main', []);
  const side = await oldestFirst('multi-user', ['refs/heads/main']);
  const fork = side[0]?.commit.parents[0];
  const at = main.findIndex(({ commit }) => commit.id === fork) + 1;
  return [...main.slice(0, at), ...side, ...main.slice(at)];
}

function describeStep({ branch, commit, subject, row, phases }: ReplayStep): string {
  const { reward } = row;
  const bound = (value: number | null) => (value === null ? 'open' : value.toFixed(3));
  const dense = reward === null ? '' : `  probes ${reward.dense.gain >= 0 ? '+' : ''}${reward.dense.gain.toFixed(3)} [${bound(reward.dense.low)}, ${bound(reward.dense.high)}]`;
  const tests = reward === null ? '' : `  tests ${reward.tests.verdict}${reward.tests.informative > 0 ? ` (${reward.tests.before ?? '?'} to ${reward.tests.after ?? '?'} on ${reward.tests.informative} spans)` : ''}`;
  const slowest = Object.entries(phases).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([phase, seconds]) => `${phase} ${seconds.toFixed(1)}`);
  return `${row.promoted ? '●' : '○'} ${branch.padEnd(10)} ${commit.slice(0, 8)} ${subject}
    ${row.promoted ? `version ${row.id}` : row.reason}: ${row.pairs} pairs, ${row.modelWrittenPairs} written by the model${dense}${tests}  ${row.seconds.toFixed(1)} s (${slowest.join(', ')})`;
}

function describeFresh({ gain, items, cycles }: { gain: { mean: number; low: number; high: number } | null; items: number; cycles: number }): string {
  return gain === null ? 'not measured' : `${gain.mean.toFixed(3)} [${gain.low.toFixed(3)}, ${gain.high.toFixed(3)}] over ${items} items of ${cycles} cycles`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number');
  return value;
}
