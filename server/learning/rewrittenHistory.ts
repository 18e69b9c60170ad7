// After a rebase, an amend or a reset: which commits are known under other ids, and does the version still hold? It does while nine in ten of
// its pairs are grounded in the new tree; else the branch goes back to the version of the shared history and learns again from there.
import type { CommitRange } from '../git/commit.ts';
import type { Repository } from '../git/repository.ts';
import type { ParsedTree } from '../selfEdit/parsedTree.ts';
import { stillGrounded } from '../selfEdit/stillGrounded.ts';
import { readBranch } from '../store/branchFile.ts';
import type { Line } from '../store/branchRecord.ts';
import { followRewrite } from '../store/movePointer.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { LearningRange } from './collaborators.ts';
import { learning } from './constants.ts';
import { nearestVersion } from './nearestVersion.ts';
import { olderKnowledge } from './olderKnowledge.ts';

export interface Rewritten {
  /** What is to be learnt now; null: everything is known. */
  readonly range: LearningRange | null;
  readonly note: string;
}

export async function followRewrittenHistory(options: {
  readonly repository: Repository;
  readonly store: StoreAccess;
  readonly modelHash: string;
  readonly branch: string;
  readonly line: Line;
  readonly head: string;
  readonly range: CommitRange & { readonly kind: 'rewritten' };
  /** HEAD's tree, parsed. */
  readonly tree: () => Promise<ParsedTree>;
}): Promise<Rewritten> {
  const { repository, store, modelHash, branch, line, head, range } = options;
  const share = await groundedShare(store, line.active, options.tree);
  if (share >= learning.groundedShare) {
    const note = `history was rewritten; ${percent(share)} of what was learnt still holds, so the version stands`;
    const commits = (await repository.log({ to: head, except: range.base === null ? [] : [range.base], firstParent: true, limit: learning.firstCommits })).reverse();
    const known = new Set(range.matched.map(({ after }) => after));
    const unknown = commits.findIndex((commit) => !known.has(commit.id));
    // Known commits at the front need not be looked at again.
    const rest = unknown < 0 ? [] : commits.slice(unknown);
    const learntUpTo = unknown < 0 ? head : (rest[0]?.parents[0] ?? null);
    await followRewrite(store, { branch, modelHash, learntUpTo, reason: note });
    return { range: rest.length === 0 ? null : { base: learntUpTo, commits: rest, known }, note };
  }
  const record = await readBranch(store, branch);
  const shared = await nearestVersion({ repository, store, modelHash, records: record ? [record] : [], head });
  const note = `history was rewritten and only ${percent(share)} of what was learnt still holds: learnt again from ${shared?.version ?? 'the base model'}`;
  await followRewrite(store, { branch, modelHash, learntUpTo: shared?.learntUpTo ?? null, active: shared?.version ?? null, reason: note });
  const since = await repository.rangeSince(shared?.learntUpTo ?? null, head, { limit: learning.firstCommits });
  return { range: since.kind === 'forward' && since.commits.length > 0 ? { base: since.base, commits: since.commits } : null, note };
}

/** Of the pairs that the version's weights contain. Nothing learnt: nothing can be wrong. */
export async function groundedShare(store: StoreAccess, active: string | null, parse: () => Promise<ParsedTree>): Promise<number> {
  if (active === null) return 1;
  const { pairs } = await olderKnowledge(store, active, new Set());
  if (pairs.length === 0) return 1;
  const tree = await parse();
  return pairs.filter(({ pair }) => stillGrounded(pair, tree)).length / pairs.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
