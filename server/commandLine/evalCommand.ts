// `graft eval`: replays the newest commits of a branch in a store of its own and says what learning them was worth.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { replayWorkspace } from '../replayWorkspace.ts';
import { htmlReport } from '../report/htmlReport.ts';
import { readChartLibrary } from '../installation.ts';
import type { CommandContext } from './context.ts';
import { describeStep, describeSummary } from './replayText.ts';
import type { CommandResult } from './output.ts';

export interface EvalCommandOptions {
  readonly commits: number;
  readonly items: number;
  readonly branch?: string;
  readonly report?: string;
  readonly tests: boolean;
  readonly approve: readonly string[];
  readonly signal: AbortSignal;
}

export async function evalCommand(context: CommandContext, options: EvalCommandOptions): Promise<CommandResult> {
  const scratch = await mkdtemp(join(tmpdir(), 'graft-eval-'));
  try {
    return await context.withWorkspace(
      async (workspace) => {
        const branch = await context.branch(workspace, options.branch);
        const head = (await workspace.repository.branches()).find(({ name }) => name === branch)?.head;
        const commits = head === undefined ? [] : await workspace.repository.log({ to: head, firstParent: true, limit: options.commits });
        if (commits.length === 0) return { code: 3, document: null, text: `Branch "${branch}" has no commits.` };
        const result = await replayWorkspace(workspace, {
          name: workspace.repository.name,
          commits: commits.reverse().map((commit) => ({ branch, commit })),
          seed: context.options.seed,
          itemsPerCommit: options.items,
          signal: options.signal,
          onStep: (step) => context.output.log(describeStep(step)),
        });
        if (options.report !== undefined) {
          await writeFile(options.report, htmlReport(result, { model: workspace.opened.model.info.name, chartLibrary: await readChartLibrary(context.installation) }));
          context.output.log(`Report: ${resolve(options.report)}`);
        }
        return { code: 0, document: result.summary, text: describeSummary(result.summary) };
      },
      { authors: await context.authors(options.approve), runTests: options.tests, storeRoot: join(scratch, 'versions') },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
