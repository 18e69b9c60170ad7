// Finds the repository around a folder and opens it.
import type { Files } from '../base/files.ts';
import type { Processes } from '../base/processes.ts';
import { GitError } from './errors.ts';
import { GitCommand } from './gitCommand.ts';
import { GitRepository } from './gitRepository.ts';
import type { Repository } from './repository.ts';

export interface GitOptions {
  readonly processes: Processes;
  readonly files: Files;
  /** The path of the git program, or a name that `searchPath` resolves. Default 'git'. */
  readonly executable?: string;
  /** An existing folder where short-lived private indexes are made. */
  readonly temporaryFolder: string;
  /** PATH for git; nothing else of this process's environment reaches it. */
  readonly searchPath: string;
}

/** `path` is any folder inside the repository. Throws GitError 'notARepository' or 'gitNotFound'. */
export async function openRepository(path: string, options: GitOptions): Promise<Repository> {
  const { processes, files, temporaryFolder, searchPath, executable = 'git' } = options;
  if ((await files.stat(path))?.kind === undefined) throw notARepository(path);
  const command = new GitCommand(processes, { executable, searchPath });
  // One call per path: a path may hold a newline, so several in one answer could not be told apart.
  const ask = async (...args: readonly string[]): Promise<string | null> => {
    try {
      return await command.text({ args: ['rev-parse', '--path-format=absolute', ...args], cwd: path });
    } catch (error) {
      if (error instanceof GitError && error.code === 'gitFailed') return null;
      throw error;
    }
  };
  const gitDir = await ask('--git-dir');
  const commonDir = await ask('--git-common-dir');
  if (gitDir === null || commonDir === null) throw notARepository(path);
  const [workTree, objectFormat] = await Promise.all([ask('--show-toplevel'), ask('--show-object-format')]);
  return new GitRepository(
    { gitDir, commonDir, workTree: workTree === '' ? null : workTree, objectFormat: objectFormat ?? 'sha1' },
    { command, files, temporaryFolder },
  );
}

function notARepository(path: string): GitError {
  return new GitError('notARepository', 'This folder is not in a git repository. Run `git init` there, or open another folder.', { path });
}
