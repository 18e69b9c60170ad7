// `graft forget`: commits, or everything of an author, leave the weights. Takes the learning lock: a cycle that runs might be teaching them.
import type { Repository } from '../git/repository.ts';
import { forget, type Forgotten } from '../store/forget.ts';
import { lockLearning } from '../store/learningLock.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { LearningError } from './errors.ts';

export interface ForgetOptions {
  /** Revisions. */
  readonly commits?: readonly string[];
  /** Part of the author's name or address, case ignored. */
  readonly author?: string;
  readonly waitMs?: number;
}

export async function forgetCommits(parts: { readonly repository: Repository; readonly store: StoreAccess }, options: ForgetOptions): Promise<Forgotten & { readonly commits: readonly string[] }> {
  const { repository, store } = parts;
  const ids = new Set<string>();
  for (const revision of options.commits ?? []) {
    const commit = await repository.commit(revision);
    // A commit that git has lost can still be in a version's weights.
    if (!commit && !/^[0-9a-f]{40,64}$/.test(revision)) throw new LearningError('unknownCommit', `"${revision}" names no commit of this repository.`, { revision });
    ids.add(commit?.id ?? revision);
  }
  if (options.author !== undefined) {
    const before = ids.size;
    for (const id of await commitsOf(repository, options.author)) ids.add(id);
    if (ids.size === before) throw new LearningError('unknownAuthor', `No commit on any branch is by "${options.author}".`, { author: options.author });
  }
  const held = await lockLearning(store, options.waitMs === undefined ? {} : { waitMs: options.waitMs });
  try {
    return { ...(await forget(store, { commits: [...ids] })), commits: [...ids] };
  } finally {
    await held.release();
  }
}

async function commitsOf(repository: Repository, author: string): Promise<string[]> {
  const wanted = author.toLowerCase();
  const ids: string[] = [];
  for (const { head } of await repository.branches()) {
    for (const commit of await repository.log({ to: head })) {
      if (commit.authorEmail.toLowerCase().includes(wanted) || commit.authorName.toLowerCase().includes(wanted)) ids.push(commit.id);
    }
  }
  return ids;
}
