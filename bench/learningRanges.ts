// A repository's history in ranges to learn: two commits that change code, and what lies between them.
import { present } from '../server/base/assert.ts';
import type { Commit } from '../server/git/commit.ts';
import type { LearningRange } from '../server/learning/collaborators.ts';
import type { Workspace } from '../server/openWorkspace.ts';

const commitsPerRange = 2;

export interface RangeAndLater {
  readonly range: LearningRange;
  /** What came after it, oldest first. */
  readonly later: readonly Commit[];
}

/** Of the newest `limit` commits, oldest first. */
export async function learningRanges({ learner, repository }: Workspace, limit: number): Promise<RangeAndLater[]> {
  const log = [...(await repository.log({ to: 'HEAD', firstParent: true, limit }))].reverse();
  const ends: number[] = [];
  for (const [index, commit] of log.entries()) {
    const { material } = await learner.source.extract({ base: commit.parents[0] ?? null, commits: [commit] });
    if (material.changes.length > 0) ends.push(index);
  }
  return ends.flatMap((end, nth) => {
    if (nth % commitsPerRange !== commitsPerRange - 1) return [];
    const commits = log.slice(present(ends[nth - commitsPerRange + 1]), end + 1);
    return [{ range: { base: present(commits[0]).parents[0] ?? null, commits }, later: log.slice(end + 1) }];
  });
}
