// `npm run demo`: learns a repository commit by commit with the bundled starter model, prints what was learnt and why it was kept or not,
// and writes a report. Without --repo the repository is the small evolving project in demo/history.
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Commit } from '../server/git/commit.ts';
import { describeStep, describeSummary } from '../server/commandLine/replayText.ts';
import { installationAt, readChartLibrary } from '../server/installation.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import { replayWorkspace } from '../server/replayWorkspace.ts';
import { htmlReport } from '../server/report/htmlReport.ts';
import { withScratchWorkspace } from './scratchWorkspace.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installation = installationAt(root);

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
  await withScratchWorkspace({ repo: options.repo, model: options.model, runTests: true, onEngineCrash: (message) => console.error(message) }, run);
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
  console.log(`\n${describeSummary(result.summary)}`);
  const html = htmlReport(result, { model: model.info.name, chartLibrary: await readChartLibrary(installation) });
  writeFileSync(options.report, html);
  console.log(`\nReport: ${resolve(options.report)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result.summary, null, 2)}\n`);
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

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number');
  return value;
}
