// The one way git is started. A repository is other people's data, and git runs code that its configuration names: hooks, fsmonitor,
// filters, text conversion, external diffs, signature programs, remote helpers. Invariant: none of them can run from here.
import { Cancelled } from '../base/cancellation.ts';
import type { Processes, RunResult } from '../base/processes.ts';
import { GitError } from './errors.ts';

export interface GitCall {
  readonly args: readonly string[];
  /** Absent only while a repository is being found. */
  readonly gitDir?: string;
  readonly cwd: string;
  readonly input?: Uint8Array | string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Statuses that are answers, not failures. Default: only 0. */
  readonly expectedStatuses?: readonly number[];
  readonly outputLimitBytes?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface GitAnswer {
  readonly status: number;
  readonly stdout: Uint8Array;
}

/** One repository, asked: what the functions of this folder take. */
export type AskGit = (args: readonly string[], more?: Omit<GitCall, 'args' | 'cwd' | 'gitDir'>) => Promise<GitAnswer>;

/** Configuration on the command line wins over every file. What has no switch here is switched off per command (diff options). */
const overrides: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
  'core.askPass=',
  'core.sshCommand=false',
  'core.quotePath=false',
  // Blobs over this are compared as binaries, by name: nothing big is ever diffed line by line.
  'core.bigFileThreshold=1m',
  'credential.helper=',
  'diff.external=',
  'diff.orderFile=/dev/null',
  'gc.auto=0',
  'i18n.logOutputEncoding=UTF-8',
  'log.showSignature=false',
  'maintenance.auto=false',
  'protocol.allow=never',
  // The owner check guards against running another user's hooks; here nothing of theirs runs.
  'safe.directory=*',
  'submodule.recurse=false',
];

const environment: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_LITERAL_PATHSPECS: '1',
  // Partial clones fetch missing objects through programs that their configuration names. No protocol is allowed, so nothing is fetched.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

const defaultTimeoutMs = 60_000;
const defaultOutputLimitBytes = 256 * 1024 * 1024;

export class GitCommand {
  constructor(
    private readonly processes: Processes,
    private readonly options: { readonly executable: string; readonly searchPath: string },
  ) {}

  /** Rejects with GitError, or with Cancelled. */
  async run(call: GitCall): Promise<GitAnswer> {
    const result = await this.processes.run({
      command: this.options.executable,
      args: [...overrides.flatMap((override) => ['-c', override]), '--no-pager', ...call.args],
      cwd: call.cwd,
      env: {
        ...environment,
        PATH: absoluteOnly(this.options.searchPath),
        ...(call.gitDir === undefined ? {} : { GIT_DIR: call.gitDir }),
        ...call.environment,
      },
      ...(call.input === undefined ? {} : { input: call.input }),
      timeoutMs: call.timeoutMs ?? defaultTimeoutMs,
      outputLimitBytes: call.outputLimitBytes ?? defaultOutputLimitBytes,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    return this.checked(call, result);
  }

  /** Standard output as text, without the final newline. */
  async text(call: GitCall): Promise<string> {
    return new TextDecoder().decode((await this.run(call)).stdout).replace(/\n$/, '');
  }

  private checked(call: GitCall, result: RunResult): GitAnswer {
    const name = call.args[0] ?? '';
    if (call.signal?.aborted) throw new Cancelled();
    switch (result.outcome) {
      case 'exited':
        break;
      case 'notFound':
        throw new GitError('gitNotFound', 'The git program was not found. Install git, or put it on the PATH.', { executable: this.options.executable });
      case 'timedOut':
        throw new GitError('gitTimedOut', `git ${name} did not finish in time.`, { args: call.args });
      case 'tooMuchOutput':
        throw new GitError('gitOutputTooLarge', `git ${name} wrote more than Graft reads.`, { args: call.args });
      case 'killed':
        throw new GitError('gitFailed', `git ${name} was killed.`, { args: call.args });
    }
    if ((call.expectedStatuses ?? [0]).includes(result.status)) return { status: result.status, stdout: result.stdout };
    const message = new TextDecoder().decode(result.stderr).trim().slice(0, 2_000);
    throw new GitError('gitFailed', `git ${name} failed: ${message}`, { args: call.args, status: result.status, message });
  }
}

/** A relative entry (`.` is not rare) would find a program named git in the repository itself. */
function absoluteOnly(searchPath: string): string {
  const separator = searchPath.includes(';') ? ';' : ':';
  return searchPath
    .split(separator)
    .filter((folder) => /^(?:\/|\\\\|[A-Za-z]:[\\/])/.test(folder))
    .join(separator);
}
