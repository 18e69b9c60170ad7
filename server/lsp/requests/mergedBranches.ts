// graft/mergedBranches: branches that were merged into the one checked out and have learnt what it has not; their versions are offered to it.
import { lineOf, readBranches } from '../../store/branchFile.ts';
import { listManifests } from '../../store/listManifests.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

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
  const own = lineOf(records.find(({ branch }) => branch === state.branch), modelHash);
  // What serves here, what it grew from, and what was switched away from by hand: none of these is news.
  const known = new Set(own.history.flatMap((move) => [move.from, move.to]));
  for (let at = own.active; at !== null && byId.has(at); at = byId.get(at)?.parent ?? null) known.add(at);
  const merged: MergedBranch[] = [];
  for (const record of records) {
    const { active: version, learntUpTo } = lineOf(record, modelHash);
    const head = branches.find(({ name }) => name === record.branch)?.head;
    const manifest = version === null ? undefined : byId.get(version);
    if (record.branch === state.branch || version === null || head === undefined || manifest === undefined || manifest.thinned || known.has(version)) continue;
    if (await repository.isAncestor({ ancestor: head, descendant: state.head })) merged.push({ branch: record.branch, version, learntUpTo });
  }
  return merged;
}
