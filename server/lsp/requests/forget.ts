// graft/forget and what its confirmation says beforehand: commits, or everything of an author, leave the weights. What went with them is learnt again
// by itself.
import { forgetCommits, whatForgetTakes as whatTakes, type ForgetOptions } from '../../learning/forgetCommits.ts';
import { RequestError } from '../errors.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export interface ForgetRequest {
  readonly commits?: readonly string[] | undefined;
  readonly author?: string | undefined;
}

export async function whatForgetTakes(host: Pick<RepositoryHost, 'opened'>, what: ForgetRequest): Promise<{ text: string }> {
  const { commits, versions, rederive } = await whatTakes(host.opened, optionsOf(what));
  const again = countOf(rederive);
  const serves = rederive.map(({ branch, from }) => `${branch} goes back to ${from === null ? 'the base model' : `version ${from}`}.`);
  return {
    text: [
      `${plural(commits.length, 'commit')} will never be learnt again.`,
      versions.length === 0 ? 'No version has learnt from this.' : `${plural(versions.length, 'version')} that learnt from this will be deleted, pairs included.`,
      ...new Set(serves),
      ...(again === 0 ? [] : [`${plural(again, 'other commit')} of these versions will be learnt again.`]),
      'This cannot be undone.',
    ].join(' '),
  };
}

export async function forget(host: RepositoryHost, what: ForgetRequest): Promise<{ message: string }> {
  const { commits, versions, rederive } = await forgetCommits(host.opened, optionsOf(what));
  await host.serve();
  const again = countOf(rederive);
  if (again > 0) host.taught?.tell({ type: 'learnNow' });
  const rest = again === 0 ? '' : ` ${plural(again, 'other commit')} went with them and will be learnt again.`;
  return { message: `Forgot ${plural(commits.length, 'commit')}; dropped ${plural(versions.length, 'version')}.${rest}` };
}

function optionsOf({ commits, author }: ForgetRequest): ForgetOptions {
  if ((commits === undefined || commits.length === 0) && author === undefined) throw new RequestError('badRequest', 'Name a commit or an author to forget.');
  return { ...(commits === undefined ? {} : { commits }), ...(author === undefined ? {} : { author }) };
}

/** Commits that two branches learn again count once. */
function countOf(rederive: readonly { readonly commits: readonly string[] }[]): number {
  return new Set(rederive.flatMap(({ commits }) => commits)).size;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
