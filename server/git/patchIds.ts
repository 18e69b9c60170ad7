// Patch-ids: the same for commits that make the same patch on different parents, so that a rebased commit is known again.
import { GitError } from './errors.ts';
import type { AskGit } from './gitCommand.ts';

/** Options that configuration could change are all given, since two clones must agree. */
const patchArguments: readonly string[] = [
  '--stdin',
  '--root',
  '-p',
  '-U3',
  '--full-index',
  '--no-renames',
  '--diff-algorithm=myers',
  '--no-indent-heuristic',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=all',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
];

const commitsPerCall = 50;
const outputLimitBytes = 64 * 1024 * 1024;

/** Null for merges, commits without a difference and patches over 64 MiB. */
export async function patchIdsOf(ask: AskGit, commits: readonly string[]): Promise<Map<string, string | null>> {
  const result = new Map<string, string | null>(commits.map((id) => [id, null]));
  for (let at = 0; at < commits.length; at += commitsPerCall) {
    for (const [id, patchId] of await some(ask, commits.slice(at, at + commitsPerCall))) result.set(id, patchId);
  }
  return result;
}

async function some(ask: AskGit, commits: readonly string[]): Promise<(readonly [string, string])[]> {
  try {
    const patches = await ask(['diff-tree', ...patchArguments], { input: commits.map((id) => `${id}\n`).join(''), outputLimitBytes });
    const { stdout } = await ask(['patch-id', '--stable'], { input: patches.stdout });
    return new TextDecoder()
      .decode(stdout)
      .split('\n')
      .flatMap((line) => {
        const [patchId, id] = line.split(' ');
        return patchId && id ? [[id, patchId] as const] : [];
      });
  } catch (error) {
    if (!(error instanceof GitError) || error.code !== 'gitOutputTooLarge') throw error;
    if (commits.length === 1) return [];
    const middle = commits.length >> 1;
    return [...(await some(ask, commits.slice(0, middle))), ...(await some(ask, commits.slice(middle)))];
  }
}
