// graft/retrain: a version's commits are learnt again without the struck pairs and with the user's answers, in the learner. Resolves when the
// result is there, which may take minutes.
import { resolveVersion } from '../../learning/review.ts';
import type { Manifest } from '../../store/version.ts';
import { readVersion } from '../../store/versionFolder.ts';
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export interface RetrainRequest {
  readonly version: string;
  /** Where the user asked for it; absent: wherever it was learnt. */
  readonly branch?: string | undefined;
  readonly strike: readonly string[];
  readonly restore: readonly string[];
  readonly edits: readonly { readonly pair: string; readonly answer: string }[];
}

export async function retrain(host: RepositoryHost, request: RetrainRequest, signal: AbortSignal): Promise<{ version: string | null; promoted: boolean; message: string }> {
  const { taught } = host;
  if (taught === null) throw new RequestError('learnerGone', 'The learner of this repository has not started yet. Try again in a moment.');
  const empty = request.edits.find(({ answer }) => answer.trim() === '');
  if (empty) throw new RequestError('badRequest', 'An edited answer is empty. Strike the pair out instead.', { pair: empty.pair });
  const version = await resolveVersion(host.opened.store, request.version);
  const elsewhere = request.branch === undefined ? null : whyNotHere((await readVersion(host.opened.store, version)).manifest, request.branch);
  if (elsewhere !== null) throw new RequestError('badRequest', elsewhere);
  const answer = await taught.ask({ type: 'retrain', version, strike: [...request.strike], restore: [...request.restore], edits: request.edits.map((edit) => ({ ...edit })) }, signal);
  await host.serve();
  return { version: answer.version, promoted: answer.promoted, message: answer.text };
}

/** A version is retrained on the branch of its commits: another one that it serves would not get the result. Null: it was learnt on this branch. */
export function whyNotHere({ branch: learntOn }: Pick<Manifest, 'branch'>, branch: string): string | null {
  return learntOn === branch ? null : `It was learnt on "${learntOn}", and "${branch}" started from it. Retrain it from its row under "${learntOn}" in the Graft view.`;
}
