// The commands, their arguments and their help. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing to learn.
import { Command, InvalidArgumentError, Option } from 'commander';
import { AssertionError } from '../base/assert.ts';
import { Cancelled } from '../base/cancellation.ts';
import { OperatingError } from '../base/operatingError.ts';
import type { Installation } from '../installation.ts';
import { askCommand, completeCommand } from './askCommands.ts';
import { CommandContext, type GlobalOptions } from './context.ts';
import { doctorCommand } from './doctorCommand.ts';
import { evalCommand } from './evalCommand.ts';
import { learnCommand, sleepCommand } from './learnCommand.ts';
import { modelInfoCommand, modelListCommand, modelPullCommand } from './modelCommands.ts';
import { exportCommand, forgetCommand, importCommand, resetCommand, retrainCommand, rollBackCommand } from './moveCommands.ts';
import type { CommandResult, ExitCode } from './output.ts';
import { compareCommand, logCommand, showCommand } from './versionCommands.ts';
import { watchCommand } from './watchCommand.ts';

export interface ProgramOptions {
  readonly installation: Installation;
  readonly version: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function runCommandLine(args: readonly string[], { installation, version, signal }: ProgramOptions): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('graft').description('A local coding assistant that learns its codebase commit by commit.').version(version);
  program.exitOverride().showHelpAfterError();
  program.configureOutput({ writeErr: (text) => process.stderr.write(text) });

  /** A command with the options that all take, run with its result printed and its errors told. */
  const command = (usage: string, description: string, parent: Command = program): Command =>
    parent
      .command(usage)
      .description(description)
      .exitOverride()
      .option('--repo <folder>', 'the repository', '.')
      .option('--json', 'one JSON document on standard output; logs on standard error', false)
      .option('--model <name or folder>', 'default: the bundled starter model')
      .addOption(new Option('--device <device>', 'where the model runs; auto is cpu').choices(['auto', 'cpu', 'webgpu', 'cuda']).default('auto'))
      .option('--seed <n>', 'same inputs, same seed, same result', wholeNumber, 1)
      .option('--threads <n>', 'threads of the engine', wholeNumber);
  const run =
    <Args extends unknown[]>(action: (context: CommandContext, ...args: Args) => Promise<CommandResult>) =>
    async (...values: [...Args, Command]): Promise<void> => {
      const own = values.at(-1) as Command;
      const context = new CommandContext(installation, own.opts<GlobalOptions>());
      try {
        const result = await action(context, ...(values.slice(0, -1) as Args));
        context.output.print(result);
        code = result.code;
      } catch (error) {
        code = 1;
        context.output.failed(describeError(error));
      }
    };

  command('learn [range]', 'learn what is new on the branch that is checked out, or a range such as main~3..main')
    .option('--branch <name>', 'the branch to learn on')
    .option('--approve <email>', 'commits of this author may teach and run tests (again for more; "all" for everyone)', collect, [])
    .option('--no-tests', "do not run the project's tests; versions say so")
    .option('--candidates <k>', 'candidates per cycle; 1 is structural only', wholeNumber)
    .option('--budget <minutes>', 'stop after the cycle that passes this', wholeNumber)
    .option('--each-commit', 'one cycle per commit', false)
    .option('--even-if-known', 'learn again what the model knows already', false)
    .action(
      run((context, range: string | undefined, options: { branch?: string; approve: string[]; tests: boolean; candidates?: number; budget?: number; eachCommit: boolean; evenIfKnown: boolean }) =>
        learnCommand(context, {
          approve: options.approve,
          tests: options.tests,
          eachCommit: options.eachCommit,
          evenIfKnown: options.evenIfKnown,
          signal,
          ...(range === undefined ? {} : { range }),
          ...(options.branch === undefined ? {} : { branch: options.branch }),
          ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
          ...(options.budget === undefined ? {} : { budgetMinutes: options.budget }),
        }),
      ),
    );
  command('watch', 'learn each commit as it comes, until Ctrl-C')
    .option('--approve <email>', 'commits of this author may teach and run tests (again for more; "all" for everyone)', collect, [])
    .option('--no-tests', "do not run the project's tests; versions say so")
    .action(run((context, options: { approve: string[]; tests: boolean }) => watchCommand(context, { ...options, signal })));
  command('complete <file:line:column>', 'complete at a position, both counted from 1')
    .option('--multiline', 'more than the rest of the line', false)
    .option('--base', 'without what was learnt', false)
    .action(run((context, position: string, options: { multiline: boolean; base: boolean }) => completeCommand(context, position, options)));
  command('ask <question>', 'ask about the codebase; answered from the weights alone')
    .option('--base', 'without what was learnt', false)
    .action(run((context, question: string, options: { base: boolean }) => askCommand(context, question, options)));
  command('log', 'versions and verdicts per branch')
    .option('--branch <name>', 'only this branch')
    .action(run((context, options: { branch?: string }) => logCommand(context, options)));
  command('show <version>', 'what a version was taught and how it was judged').action(run((context, version: string, _: object) => showCommand(context, version)));
  command('compare <a> <b>', 'two versions side by side').action(run((context, a: string, b: string, _: object) => compareCommand(context, a, b)));
  command('rollback <version>', 'make an older (or rejected, or imported) version serve')
    .option('--branch <name>', 'default: the branch that is checked out')
    .action(run((context, version: string, options: { branch?: string }) => rollBackCommand(context, version, options)));
  command('reset', 'back to the version before the active one (its parent), or to the base model')
    .option('--branch <name>', 'default: the branch that is checked out')
    .addOption(new Option('--to <what>', 'where to').choices(['parent', 'base']).default('parent'))
    .option('--relearn', 'also forget how far the branch had learnt, so that the next "learn" starts over', false)
    .action(run((context, options: { branch?: string; to: 'parent' | 'base'; relearn: boolean }) => resetCommand(context, options)));
  command('forget', 'drop every version that a commit or an author taught')
    .option('--commit <revision>', 'again for more', collect, [])
    .option('--author <name or address>', 'all commits of an author; the whole address or the whole name, not a part')
    .option('--dry-run', 'say what would go, and change nothing', false)
    .action(
      run((context, options: { commit: string[]; author?: string; dryRun: boolean }) => {
        if (options.commit.length === 0 && options.author === undefined) throw new InvalidArgumentError('give --commit or --author');
        return forgetCommand(context, { commits: options.commit, dryRun: options.dryRun, ...(options.author === undefined ? {} : { author: options.author }) });
      }),
    );
  command('retrain <version>', "learn a version's commits again without the pairs that were struck out")
    .option('--strike <pair>', 'strike out a pair first (its id, from show --json; again for more)', collect, [])
    .action(run((context, version: string, options: { strike: string[] }) => retrainCommand(context, version, { strike: options.strike, signal })));
  command('sleep', "consolidate: re-derive the branch's adapter, train the editor policy, collect garbage")
    .option('--branch <name>', 'default: the branch that is checked out')
    .action(run((context, options: { branch?: string }) => sleepCommand(context, { signal, ...(options.branch === undefined ? {} : { branch: options.branch }) })));
  command('export <version> <folder>', 'copy a version out: a PEFT adapter').action(run((context, version: string, folder: string, _: object) => exportCommand(context, version, folder)));
  command('import <folder>', 'take a version in').action(run((context, folder: string, _: object) => importCommand(context, folder)));
  command('eval', "replay the branch's newest commits and measure what learning them was worth; touches no version")
    .option('--commits <n>', 'the newest so many', wholeNumber, 20)
    .option('--items <n>', 'next-commit items per commit, at most', wholeNumber, 24)
    .option('--branch <name>', 'default: the branch that is checked out')
    .option('--report <file>', 'write an HTML report')
    .option('--approve <email>', 'commits of this author may teach and run tests ("all" for everyone)', collect, [])
    .option('--no-tests', "do not run the project's tests")
    .action(run((context, options: { commits: number; items: number; branch?: string; report?: string; approve: string[]; tests: boolean }) => evalCommand(context, { ...options, signal })));
  const model = program.command('model').description('models on this machine and on the hub').exitOverride();
  command('list', 'the bundled model, those that were pulled, and those that could be', model).action(run((context, _: object) => modelListCommand(context)));
  command('info [name]', 'a model folder, its size, licence and hash', model).action(run((context, name: string | undefined, _: object) => modelInfoCommand(context, name)));
  command('pull <name>', 'fetch a model from the hub; nothing is fetched unasked', model).action(run((context, name: string, _: object) => modelPullCommand(context, name, { signal })));
  command('doctor', 'what works here, and what to do about what does not').action(run((context, _: object) => doctorCommand(context)));

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // commander has said what is wrong; --help and --version end this way too, with code 0.
    return error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2;
  }
  return code;
}

function describeError(error: unknown): { code: string; message: string; details: unknown } {
  if (error instanceof Cancelled) return { code: 'cancelled', message: 'Stopped. What was recorded before stands.', details: {} };
  if (error instanceof OperatingError) return { code: error.code, message: error.message, details: error.details };
  if (error instanceof InvalidArgumentError) throw error;
  if (error instanceof AssertionError) return { code: 'defect', message: `A defect in Graft: ${error.message}\n${error.stack ?? ''}`, details: {} };
  return { code: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error), details: {} };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
