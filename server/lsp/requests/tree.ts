// graft/tree: the versions of every open repository, by branch.
import type { RepositoryTree } from '../../protocol/assistant.ts';
import { placeboRate } from '../../learning/review.ts';
import { readBranches } from '../../store/branchFile.ts';
import { learntPatches, waitingCommits } from '../../store/branchRecord.ts';
import { listManifests } from '../../store/listManifests.ts';
import { branchTrees } from '../repositories/branchTree.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

/** Of the commits that wait, so many are named. */
const waitingShown = 20;

/** `modelHash` null: the model is not open yet, so which line of versions serves is not known and none is shown. */
export function tree(hosts: readonly RepositoryHost[], modelHash: string | null): Promise<RepositoryTree[]> {
  return Promise.all(hosts.map((host) => repositoryTree(host, modelHash)));
}

async function repositoryTree(host: RepositoryHost, modelHash: string | null): Promise<RepositoryTree> {
  const { repository, store } = host.opened;
  const [branches, records, versions, placebo] = await Promise.all([repository.branches(), readBranches(store), listManifests(store), placeboRate(store)]);
  const state = host.state ?? (await repository.state());
  const checkedOut = state.kind === 'onBranch' || state.kind === 'noCommits' ? state.branch : null;
  const lines = modelHash === null ? [] : records.flatMap(({ lines }) => lines[modelHash] ?? []);
  const line = records.find(({ branch }) => branch === checkedOut)?.lines[modelHash ?? ''];
  const since = state.kind === 'onBranch' ? await repository.rangeSince(line?.learntUpTo ?? null, state.head, { limit: waitingShown, ...(line === undefined ? {} : { learntPatches: learntPatches(line) }) }) : null;
  // Those that a cycle could not decide on stand where it did.
  const carried = line === undefined ? new Set<string>() : waitingCommits(line);
  const waiting = since === null || since.kind === 'upToDate' ? [] : since.commits.map(({ id }) => id).filter((id) => !carried.has(id)).reverse();
  const ids = [...new Set([...waiting, ...lines.flatMap(({ history }) => history.flatMap((move) => move.commits ?? []))])];
  const recorded = new Set(records.map(({ branch }) => branch));
  const heads = branches.filter(({ name }) => name === checkedOut || recorded.has(name)).map(({ head }) => head);
  return {
    folder: host.folder,
    name: host.name,
    branches: branchTrees({
      branches,
      checkedOut,
      records,
      modelHash: modelHash ?? '',
      manifests: new Map(versions.map((manifest) => [manifest.id, manifest])),
      subjects: await host.subjects.of(ids, heads),
      waiting,
    }),
    placebo,
  };
}
