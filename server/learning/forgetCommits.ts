// `graft forget`: commits, or everything of an author, leave the weights. Takes the learning lock: a cycle that runs might be teaching them.
import type { Repository } from '../git/repository.ts';
import { forget, whatForgetDrops, type Forgotten } from '../store/forget.ts';
import { lockLearning } from '../store/learningLock.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { LearningError } from './errors.ts';

export interface ForgetOptions {
  /** Revisions. */
  readonly commits?: readonly string[];
  /** The author's whole name or whole address, case ignored: forgetting cannot be undone, so nobody is meant by a part of either. */
  readonly author?: string;
  readonly waitMs?: number;
}

interface ForgetParts {
  readonly repository: Repository;
  readonly store: StoreAccess;
}

export async function forgetCommits(parts: ForgetParts, options: ForgetOptions): Promise<Forgotten & { readonly commits: readonly string[] }> {
  const commits = await commitsMeant(parts.repository, options);
  const held = await lockLearning(parts.store, options.waitMs === undefined ? {} : { waitMs: options.waitMs });
  try {
    return { ...(await forget(parts.store, { commits })), commits };
  } finally {
    await held.release();
  }
}

/** What `forgetCommits` would do now, with nothing changed. */
export async function whatForgetTakes(parts: ForgetParts, options: ForgetOptions): Promise<Pick<Forgotten, 'versions' | 'rederive'> & { readonly commits: readonly string[] }> {
  const commits = await commitsMeant(parts.repository, options);
  return { ...(await whatForgetDrops(parts.store, { commits })), commits };
}

async function commitsMeant(repository: Repository, { commits, author }: ForgetOptions): Promise<string[]> {
  const ids = new Set<string>();
  for (const revision of commits ?? []) {
    const commit = await repository.commit(revision);
    // A commit that git has lost can still be in a version's weights.
    if (!commit && !/^[0-9a-f]{40,64}$/.test(revision)) throw new LearningError('unknownCommit', `"${revision}" names no commit of this repository.`, { revision });
    ids.add(commit?.id ?? revision);
  }
  if (author !== undefined) {
    const theirs = await commitsOf(repository, author);
    if (theirs.length === 0) throw new LearningError('unknownAuthor', `No commit on any branch is by "${author}". Give the whole e-mail address or the whole name.`, { author });
    for (const id of theirs) ids.add(id);
  }
  return [...ids];
}

async function commitsOf(repository: Repository, author: string): Promise<string[]> {
  const wanted = author.trim().toLowerCase();
  const ids: string[] = [];
  for (const { head } of await repository.branches()) {
    for (const { id, authorEmail, authorName } of await repository.log({ to: head })) {
      if (wanted !== '' && [authorEmail, authorName].some((each) => each.trim().toLowerCase() === wanted)) ids.push(id);
    }
  }
  return ids;
}
