// graft/retrain: a version's commits are learnt again without the struck pairs and with the user's answers, in the learner. Resolves when the
// result is there, which may take minutes.
import { resolveVersion } from '../../learning/review.ts';
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export interface RetrainRequest {
  readonly version: string;
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
  const answer = await taught.ask({ type: 'retrain', version, strike: [...request.strike], restore: [...request.restore], edits: request.edits.map((edit) => ({ ...edit })) }, signal);
  await host.serve();
  return { version: answer.version, promoted: answer.promoted, message: answer.text };
}
