// graft/forget: a commit, or everything of an author, leaves the weights. What went with it is learnt again by itself.
import { forgetCommits } from '../../learning/forgetCommits.ts';
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function forget(host: RepositoryHost, what: { readonly commit?: string | undefined; readonly author?: string | undefined }): Promise<{ message: string }> {
  const { commit, author } = what;
  if (commit === undefined && author === undefined) throw new RequestError('badRequest', 'Name a commit or an author to forget.');
  const forgotten = await forgetCommits(host.opened, { ...(commit === undefined ? {} : { commits: [commit] }), ...(author === undefined ? {} : { author }) });
  await host.serve();
  const again = forgotten.rederive.flatMap((each) => each.commits);
  if (again.length > 0) host.taught?.tell({ type: 'learnNow' });
  const rest = again.length === 0 ? '' : ` ${again.length} other commits went with them and are learnt again.`;
  return { message: `Forgot ${forgotten.commits.length} commits: ${forgotten.versions.length} versions were dropped.${rest}` };
}
