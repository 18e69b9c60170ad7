// graft/learn: learn now, pause, resume, cancel.
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

const messages = {
  now: 'Learning begins.',
  pause: 'Learning is paused. Commits wait until you resume, also after a restart.',
  resume: 'Learning goes on.',
  cancel: 'Stopped. These commits are not learnt until the next commit, or "Learn Now".',
} as const;

export async function learn(host: Pick<RepositoryHost, 'taught' | 'state' | 'pause'>, action: keyof typeof messages): Promise<{ message: string }> {
  const { taught, state } = host;
  if (taught === null) throw new RequestError('learnerGone', 'The learner of this repository has not started yet. Try again in a moment.');
  if (action === 'now' && state?.kind === 'detached') throw new RequestError('badRequest', 'HEAD is detached: nothing is learnt there. Check out a branch first.');
  if (action === 'now' && state?.kind === 'noCommits') throw new RequestError('badRequest', 'The repository has no commits yet. Commit something, then learn.');
  if (action === 'now' && state?.kind === 'busy') throw new RequestError('badRequest', 'A rebase, merge, cherry-pick or bisect is in progress. Finish it, then learn.');
  if (action === 'pause' || action === 'resume') await host.pause(action === 'pause');
  else taught.tell({ type: action === 'now' ? 'learnNow' : action });
  return { message: messages[action] };
}
