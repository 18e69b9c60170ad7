// Whether a branch's commits came into the checked-out one by a merge after that one was made. That its head is an ancestor says less: so is the head
// of the branch that this one was made from, and after a rebase so is all that stands below.
import type { Branch } from '../../git/commit.ts';
import type { Repository } from '../../git/repository.ts';
import type { BranchCreation } from '../../store/branchRecord.ts';

export interface CheckedOut extends Branch {
  readonly creation: BranchCreation;
}

/** Of the checked-out branch, newest first; what was merged before that was offered when it was. */
const longestLine = 1_000;

/**
 * `branches`: those that are known. For heads that the checked-out branch holds.
 * A fast-forward to a branch made before the checked-out one looks like a rebase onto it, and is taken for one.
 */
export function cameByMerge(repository: Pick<Repository, 'isAncestor' | 'log' | 'commit' | 'branchCreation'>, into: CheckedOut, branches: readonly Branch[]): (merged: Branch) => Promise<boolean> {
  const contains = (descendant: string, ancestor: string): Promise<boolean> => repository.isAncestor({ ancestor, descendant });
  let reading: Promise<Line> | undefined;
  return async (merged) => {
    reading ??= lineOf(repository, into);
    const { start, commits } = await reading;
    if (start !== null && (await contains(start, merged.head))) return false;
    const brought = await oldestHolding(commits, (commit) => contains(commit, merged.head));
    if (brought === null) return false;
    // What an older branch holds as well came from there, with everything below it.
    for (const other of branches) {
      if (other.name !== into.name && (await mayBeOlder(other, merged)) && (await contains(other.head, brought))) return false;
    }
    return true;
  };

  /** Of a branch that was made so long ago that nobody knows when, only one of the same kind may be. */
  async function mayBeOlder(other: Branch, merged: Branch): Promise<boolean> {
    const madeSeconds = (await repository.branchCreation(other.name))?.timeSeconds ?? null;
    const { timeSeconds } = into.creation;
    if (timeSeconds === null) return madeSeconds === null && other.name === merged.name;
    return madeSeconds === null || madeSeconds <= timeSeconds;
  }
}

interface Line {
  /** Where the branch was made; null where nobody knows any more. */
  readonly start: string | null;
  /** Its own commits and merges since, newest first. */
  readonly commits: readonly string[];
}

async function lineOf(repository: Pick<Repository, 'log' | 'commit'>, { head, creation }: CheckedOut): Promise<Line> {
  const start = creation.commit === null ? null : ((await repository.commit(creation.commit))?.id ?? null);
  const commits = await repository.log({ to: head, firstParent: true, limit: longestLine, except: start === null ? [] : [start] });
  return { start, commits: commits.map(({ id }) => id) };
}

/** Where one commit holds it, so do all that are newer. */
async function oldestHolding(newestFirst: readonly string[], holds: (commit: string) => Promise<boolean>): Promise<string | null> {
  let [from, to] = [-1, newestFirst.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (await holds(newestFirst[middle] ?? '')) from = middle;
    else to = middle - 1;
  }
  return newestFirst[from] ?? null;
}
