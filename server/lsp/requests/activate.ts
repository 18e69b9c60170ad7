// graft/activate: a version is made to serve a branch by hand: an older one, a rejected one, one of another branch. With the version of a merged branch
// the branch has learnt what that one had: its own commits since are what waits.
import { resolveVersion } from '../../learning/review.ts';
import { activate as moveTo } from '../../store/movePointer.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';
import { mergedBranches } from './mergedBranches.ts';

export async function activate(
  host: Pick<RepositoryHost, 'opened' | 'serve'>,
  request: { readonly branch: string; readonly version: string; readonly why: 'keep' | 'rollBack'; readonly modelHash: string },
): Promise<{ message: string }> {
  const { store, repository } = host.opened;
  const version = await resolveVersion(store, request.version);
  const creation = (await repository.branchCreation(request.branch)) ?? { commit: null, timeSeconds: null };
  const state = await repository.state();
  const isHere = state.kind === 'onBranch' && state.branch === request.branch;
  const merged = isHere ? (await mergedBranches(host, request.modelHash)).find((each) => each.version === version) : undefined;
  await moveTo(store, { branch: request.branch, modelHash: request.modelHash, version, kind: request.why, creation, ...(merged === undefined ? {} : { learntUpTo: merged.learntUpTo }) });
  await host.serve();
  return { message: `Version ${version} serves ${request.branch} now.` };
}
