// graft/activate: a version is made to serve a branch by hand: an older one, a rejected one, one of another branch.
import { resolveVersion } from '../../learning/review.ts';
import { activate as moveTo } from '../../store/movePointer.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function activate(
  host: RepositoryHost,
  request: { readonly branch: string; readonly version: string; readonly why: 'keep' | 'rollBack'; readonly modelHash: string },
): Promise<{ message: string }> {
  const { store, repository } = host.opened;
  const version = await resolveVersion(store, request.version);
  const creation = (await repository.branchCreation(request.branch)) ?? { commit: null, timeSeconds: null };
  await moveTo(store, { branch: request.branch, modelHash: request.modelHash, version, kind: request.why, creation });
  await host.serve();
  return { message: `Version ${version} serves ${request.branch} now.` };
}
