// `graft learn [RANGE]` and `graft sleep`.
import type { CycleOutcome } from '../learning/cycleOutcome.ts';
import { learn, type LearnProgress, type LearnResult } from '../learning/learn.ts';
import { sleepCycle, type SleepOutcome } from '../learning/sleepCycle.ts';
import type { CommandContext } from './context.ts';
import { figure, shortId } from './figures.ts';
import type { CommandResult } from './output.ts';

export interface LearnCommandOptions {
  readonly range?: string;
  readonly branch?: string;
  readonly approve: readonly string[];
  readonly tests: boolean;
  readonly candidates?: number;
  readonly budgetMinutes?: number;
  readonly eachCommit: boolean;
  readonly evenIfKnown: boolean;
  readonly signal: AbortSignal;
}

export async function learnCommand(context: CommandContext, options: LearnCommandOptions): Promise<CommandResult> {
  const authors = await context.authors(options.approve);
  const result = await context.withWorkspace(
    ({ learner }) =>
      learn(learner, {
        seed: context.options.seed,
        eachCommit: options.eachCommit,
        evenIfKnown: options.evenIfKnown,
        signal: options.signal,
        ...(options.range === undefined ? {} : { range: options.range }),
        ...(options.branch === undefined ? {} : { branch: options.branch }),
        ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
        ...(options.budgetMinutes === undefined ? {} : { budgetMs: options.budgetMinutes * 60_000 }),
        onProgress: progressLine(context),
        onOutcome: (outcome) => context.output.log(describeOutcome(outcome)),
      }),
    { authors, runTests: options.tests },
  );
  return { code: codeOf(result), document: result, text: describeResult(result) };
}

export async function sleepCommand(context: CommandContext, options: { readonly branch?: string; readonly signal: AbortSignal }): Promise<CommandResult> {
  const outcome = await context.withWorkspace(async (workspace) =>
    sleepCycle(
      workspace.learner,
      { branch: await context.branch(workspace, options.branch), seed: context.options.seed },
      { signal: options.signal },
    ),
  );
  return { code: 0, document: outcome, text: describeSleep(outcome) };
}

/** Everything was skipped or nothing waited: the 3 of the exit codes. */
function codeOf(result: LearnResult): CommandResult['code'] {
  if (result.kind === 'nothing') return 3;
  return result.outcomes.every((outcome) => outcome.kind === 'skipped') ? 3 : 0;
}

/** One line per phase on standard error, not one per step of it. */
function progressLine(context: CommandContext): (progress: LearnProgress) => void {
  let last = '';
  return ({ phase, done, total, commits }) => {
    const line = `${done + 1}/${total} ${commits.at(-1)?.slice(0, 8) ?? ''} ${phase}`;
    if (line !== last) context.output.log(line);
    last = line;
  };
}

export function describeOutcome(outcome: CycleOutcome): string {
  const commits = outcome.cycle.commits.map(shortId).join(' ');
  const leftOut = outcome.cycle.leftOut.map(({ path, reason }) => `    left out ${path}: ${reason}`);
  const head =
    outcome.kind === 'promoted'
      ? `● ${commits}  version ${outcome.version.id}  gain ${figure(outcome.version.reward.dense)}  tests ${outcome.version.reward.tests.verdict}`
      : outcome.kind === 'rejected'
        ? `○ ${commits}  rejected, ${outcome.reason}: ${outcome.explanation}${outcome.carriedOver ? ' (waits for the next commit)' : ''}`
        : `· ${commits}  ${outcome.reason}`;
  return [head, ...leftOut, ...outcome.cycle.notes.map((note) => `    ${note}`)].join('\n');
}

const nothingText: Readonly<Record<string, string>> = {
  noCommits: 'The repository has no commits yet. Commit something, then learn.',
  detachedHead: 'HEAD is detached: nothing is learnt there. Check out a branch, or name one with --branch.',
  operationInProgress: 'A rebase, merge, cherry-pick or bisect is in progress. Finish it, then learn.',
  nothingToLearn: 'Nothing new since the last learnt commit.',
};

function describeResult(result: LearnResult): string {
  if (result.kind === 'nothing') return [nothingText[result.reason] ?? result.reason, ...result.notes].join('\n');
  const promoted = result.outcomes.filter((outcome) => outcome.kind === 'promoted').length;
  const remaining = result.remainingCommits === 0 ? '' : ` ${result.remainingCommits} commits wait for the next "graft learn": the budget is used up.`;
  const unapproved = result.outcomes.some((outcome) => outcome.cycle.leftOut.some(({ reason }) => reason === 'authorNotApproved'));
  const approval = unapproved ? ['Commits by authors who are not approved teach nothing. Approve them with --approve EMAIL (or all), once and for all with: git config --add graft.approvedAuthor EMAIL'] : [];
  return [`${result.branch}: ${promoted} of ${result.outcomes.length} cycles promoted a version.${remaining}`, ...approval, ...result.notes].join('\n');
}

export function describeSleep({ rederived, policy, garbage }: SleepOutcome): string {
  const adapter =
    rederived.kind === 'promoted' ? `re-derived as version ${rederived.version.id}` : rederived.kind === 'rejected' ? `kept: ${rederived.explanation}` : `not re-derived: ${rederived.why}`;
  return [`adapter ${adapter}`, `editor policy: ${policy.kind}`, `removed: ${garbage.versions.length} versions, ${garbage.leftovers.length} leftovers`].join('\n');
}
