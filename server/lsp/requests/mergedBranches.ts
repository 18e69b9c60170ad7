// graft/mergedBranches: branches that were merged into the one checked out and have learnt what it has not; their versions are offered to it.
import { lineOf, readBranches } from '../../store/branchFile.ts';
import { listManifests } from '../../store/listManifests.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';
import { cameByMerge } from './cameByMerge.ts';

export interface MergedBranch {
  readonly branch: string;
  readonly version: string;
  /** Up to where that version has learnt: with it, what stands between there and HEAD is still to be learnt here. */
  readonly learntUpTo: string | null;
}

export async function mergedBranches(host: Pick<RepositoryHost, 'opened'>, modelHash: string): Promise<MergedBranch[]> {
  const { repository, store } = host.opened;
  const state = await repository.state();
  if (state.kind !== 'onBranch') return [];
  const [records, branches, manifests] = await Promise.all([readBranches(store), repository.branches(), listManifests(store)]);
  const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  const record = records.find(({ branch }) => branch === state.branch);
  const own = lineOf(record, modelHash);
  // The record remembers what git's reflog has let go.
  const creation = (await repository.branchCreation(state.branch)) ?? record?.creation ?? { commit: null, timeSeconds: null };
  const recorded = branches.filter(({ name }) => records.some(({ branch }) => branch === name));
  const isMerged = cameByMerge(repository, { name: state.branch, head: state.head, creation }, recorded);
  // What serves here, what it grew from, and what was switched away from by hand: none of these is news.
  const known = new Set(own.history.flatMap((move) => [move.from, move.to]));
  for (let at = own.active; at !== null && byId.has(at); at = byId.get(at)?.parent ?? null) known.add(at);
  const merged: MergedBranch[] = [];
  for (const { branch, lines } of records) {
    const { active: version = null, learntUpTo = null } = lines[modelHash] ?? {};
    const head = recorded.find(({ name }) => name === branch)?.head;
    const manifest = version === null ? undefined : byId.get(version);
    if (branch === state.branch || version === null || head === undefined || manifest === undefined || manifest.thinned || known.has(version)) continue;
    const isHere = await repository.isAncestor({ ancestor: head, descendant: state.head });
    if (isHere && (await isMerged({ name: branch, head }))) merged.push({ branch, version, learntUpTo });
  }
  return merged;
}
