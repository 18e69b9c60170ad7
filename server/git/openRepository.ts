// Finds the repository around a folder and opens it.
import type { Files } from '../base/files.ts';
import type { Processes } from '../base/processes.ts';
import type { Repository } from './repository.ts';

export interface GitOptions {
  readonly processes: Processes;
  readonly files: Files;
  /** The path of the git program, or a name that PATH (from `environment`) resolves. Default 'git'. */
  readonly executable?: string;
  /** Where temporary folders are made (private indexes). */
  readonly temporaryFolder: string;
  /** Search path for programs; nothing else of the environment reaches git. */
  readonly searchPath: string;
}

/** `path` is any folder inside the repository. Throws GitError 'notARepository' or 'gitNotFound'. */
export async function openRepository(path: string, options: GitOptions): Promise<Repository> {
  void path;
  void options;
  throw new Error('not built yet');
}
