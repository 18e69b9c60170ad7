// graft/reset and what its confirmation says beforehand. Nothing is deleted by a reset: the versions stay and can be switched to.
import { lineOf, readBranch } from '../../store/branchFile.ts';
import type { Line } from '../../store/branchRecord.ts';
import { listManifests } from '../../store/listManifests.ts';
import { reset as resetTo } from '../../store/movePointer.ts';
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export interface ResetRequest {
  readonly branch: string;
  readonly to: 'parent' | 'base';
  readonly modelHash: string;
}

export async function whatResetLoses(host: RepositoryHost, request: ResetRequest): Promise<{ text: string; nothing: boolean }> {
  const { store } = host.opened;
  const line = await currentLine(host, request);
  const target = request.to === 'base' ? null : line.parent;
  if (line.active === null) return { text: `The base model serves ${request.branch} already.`, nothing: true };
  const byId = new Map((await listManifests(store)).map((manifest) => [manifest.id, manifest]));
  const commits = new Set<string>();
  const seen = new Set<string>();
  for (let at: string | null = line.active; at !== null && at !== target && !seen.has(at); at = byId.get(at)?.parent ?? null) {
    seen.add(at);
    for (const commit of byId.get(at)?.commits ?? []) commits.add(commit);
  }
  const serves = target === null ? 'the base model' : `version ${target}`;
  return {
    text:
      `Completions on ${request.branch} will come from ${serves} and no longer know what ${plural(seen.size, 'version')} learnt from ${plural(commits.size, 'commit')}. ` +
      'Nothing is deleted: you can switch back in the Graft view. These commits are not learnt again by themselves.',
    nothing: false,
  };
}

export async function reset(host: RepositoryHost, request: ResetRequest): Promise<{ message: string }> {
  const line = await currentLine(host, request);
  if (line.active === null) throw new RequestError('nothingToReset', `The base model serves ${request.branch} already: there is nothing to reset.`);
  const after = await resetTo(host.opened.store, request);
  await host.serve();
  return { message: `${after.active === null ? 'The base model' : `Version ${after.active}`} serves ${request.branch} now.` };
}

async function currentLine(host: RepositoryHost, { branch, modelHash }: ResetRequest): Promise<Line> {
  return lineOf(await readBranch(host.opened.store, branch), modelHash);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
