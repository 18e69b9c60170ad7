// Which recorded version is nearest to a commit: the newest move, on any branch, that had learnt up to an ancestor of it. New branches
// start there, a detached HEAD is served from there, and after a rewrite learning goes on from there.
import type { Repository } from '../git/repository.ts';
import { faultOf } from '../store/activeVersion.ts';
import type { BranchRecord } from '../store/branchRecord.ts';
import { lineOf } from '../store/branchFile.ts';
import type { StoreAccess } from '../store/storeAccess.ts';

export interface NearestVersion {
  /** Null: the base model served there. */
  readonly version: string | null;
  readonly learntUpTo: string;
}

export interface NearestRequest {
  readonly repository: Pick<Repository, 'isAncestor' | 'commit'>;
  readonly store: StoreAccess;
  readonly modelHash: string;
  readonly records: readonly BranchRecord[];
  readonly head: string;
}

/** Moves looked at per branch: each costs a call of git. */
const movesLookedAt = 100;

export async function nearestVersion(request: NearestRequest): Promise<NearestVersion | null> {
  const { repository, head } = request;
  let nearest: NearestVersion | null = null;
  for (const record of request.records) {
    const found = await nearestOf(record, request);
    if (!found) continue;
    // Both are ancestors of the head; the one that contains the other is nearer.
    if (nearest === null || (nearest.learntUpTo !== found.learntUpTo && (await repository.isAncestor({ ancestor: nearest.learntUpTo, descendant: found.learntUpTo })))) nearest = found;
    if (nearest.learntUpTo === head && nearest.version !== null) break;
  }
  return nearest;
}

async function nearestOf(record: BranchRecord, { repository, store, modelHash, head }: NearestRequest): Promise<NearestVersion | null> {
  const known = new Map<string, boolean>();
  const contains = async (commit: string): Promise<boolean> => {
    const before = known.get(commit);
    if (before !== undefined) return before;
    const is = commit === head || ((await repository.commit(commit)) !== null && (await repository.isAncestor({ ancestor: commit, descendant: head })));
    known.set(commit, is);
    return is;
  };
  for (const move of lineOf(record, modelHash).history.slice(-movesLookedAt).reverse()) {
    if (move.head === null || !(await contains(move.head))) continue;
    if (move.to !== null && (await faultOf(store, move.to, modelHash)).kind === 'faulty') continue;
    return { version: move.to, learntUpTo: move.head };
  }
  return null;
}
