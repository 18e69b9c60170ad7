// What the reward needs of a repository to run its tests: a commit's tree checked out without git, and the dependencies that are installed.
import type { Files } from '../base/files.ts';
import type { Random } from '../base/random.ts';
import type { Repository } from '../git/repository.ts';
import type { CommitTree } from '../reward/createMeasures.ts';
import { lockFiles, type InstalledDependencies } from '../reward/testPlan.ts';
import { LearningError } from './errors.ts';

export interface TestedCommitsOptions {
  readonly repository: Repository;
  readonly files: Files;
  /** Outside the repository: the sandbox must not see a git directory beside the tree. */
  readonly temporaryFolder: string;
  readonly random: Random;
}

export async function commitTree(commitId: string, options: TestedCommitsOptions): Promise<CommitTree> {
  const { repository, files, temporaryFolder, random } = options;
  const commit = await repository.commit(commitId);
  if (!commit) throw new LearningError('unknownCommit', `"${commitId}" names no commit of this repository.`, { revision: commitId });
  const entries = await repository.readTree(commit.id);
  return {
    id: commit.tree,
    paths: entries.map(({ path }) => path),
    readText: async (path) => {
      const content = (await repository.readFiles(commit.id, [path])).get(path);
      return content?.kind === 'text' ? content.text : undefined;
    },
    checkOut: async () => {
      const folder = `${temporaryFolder}/graft-tree-${commit.id.slice(0, 8)}-${random.nextUint32().toString(16)}`;
      await files.makeFolder(folder);
      await repository.materialise(commit.id, folder);
      return { folder, dispose: () => files.remove(folder) };
    },
  };
}

/** The working tree's `node_modules` with the files that say what it holds. */
export async function installedDependencies(repository: Repository, files: Files): Promise<InstalledDependencies | null> {
  const { workTree } = repository;
  if (workTree === null || (await files.stat(`${workTree}/node_modules`))?.kind !== 'folder') return null;
  const texts = new Map<string, string>();
  for (const name of lockFiles) {
    if ((await files.stat(`${workTree}/${name}`))?.kind === 'file') texts.set(name, await files.readText(`${workTree}/${name}`));
  }
  return { folder: `${workTree}/node_modules`, textOf: (path) => texts.get(path) };
}
