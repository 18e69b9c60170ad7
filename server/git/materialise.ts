// Writes a tree into a folder through a git directory made for the purpose: it has the repository's objects and nothing else of it,
// so no filter, hook or setting of the repository exists there, whatever .gitattributes asks for.
import type { Files } from '../base/files.ts';
import { sha256 } from '../base/hash.ts';
import { GitError } from './errors.ts';
import type { GitCommand } from './gitCommand.ts';

interface MaterialiseRequest {
  readonly tree: string;
  /** Existing and empty. Invariant: two calls at once have different folders. */
  readonly folder: string;
  readonly commonDir: string;
  readonly objectFormat: string;
  readonly command: GitCommand;
  readonly files: Files;
  readonly temporaryFolder: string;
}

/** Paths that git will not check out (`.git/…`) fail with GitError 'gitFailed'; objects a partial clone lacks with 'objectMissing'. */
export async function materialiseTree(request: MaterialiseRequest): Promise<void> {
  const { tree, folder, commonDir, objectFormat, command, files, temporaryFolder } = request;
  const gitDir = `${temporaryFolder}/graft-index-${sha256(`${folder}\0${tree}`).slice(0, 24)}`;
  const run = (args: readonly string[]): Promise<unknown> =>
    command.run({
      args,
      gitDir,
      cwd: folder,
      environment: { GIT_WORK_TREE: folder, GIT_OBJECT_DIRECTORY: `${commonDir}/objects` },
      timeoutMs: 300_000,
    });
  await files.remove(gitDir);
  try {
    await files.makeFolder(`${gitDir}/objects`);
    await files.makeFolder(`${gitDir}/refs`);
    await files.write(`${gitDir}/HEAD`, 'ref: refs/heads/none\n');
    await files.write(`${gitDir}/config`, configuration(objectFormat));
    await run(['read-tree', tree]);
    await run(['checkout-index', '--all', '--force', '--quiet']);
  } catch (error) {
    const message = error instanceof GitError ? String(error.details['message'] ?? '') : '';
    if (/unable to read|missing|bad object/i.test(message)) {
      throw new GitError('objectMissing', 'Some files of this commit are not in the clone. Fetch them (git fetch --refetch), then try again.', { tree, message });
    }
    throw error;
  } finally {
    await files.remove(gitDir);
  }
}

function configuration(objectFormat: string): string {
  if (objectFormat === 'sha1') return '[core]\n\trepositoryformatversion = 0\n\tbare = false\n';
  return `[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectFormat = ${objectFormat}\n`;
}
