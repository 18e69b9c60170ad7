// What a branch has that was not learnt yet. After rewritten history commits are known again by their patch-id.
import type { Commit, CommitRange } from './commit.ts';
import type { Repository } from './repository.ts';

interface RangeRequest {
  readonly lastLearnt: string | null;
  readonly head: string;
  readonly limit: number;
  /** Patch-ids of what was learnt, for when `lastLearnt` is gone. */
  readonly learntPatches: ReadonlySet<string>;
}

export async function rangeSince(repository: Repository, { lastLearnt, head, limit, learntPatches }: RangeRequest): Promise<CommitRange> {
  if (lastLearnt === head) return { kind: 'upToDate' };
  if (lastLearnt === null) return { kind: 'forward', ...(await stretch(repository, { to: head, except: null, limit })) };
  if ((await repository.commit(lastLearnt)) === null) {
    const found = await stretch(repository, { to: head, except: null, limit });
    const patchIds = await repository.patchIds(found.commits.map(({ id }) => id));
    return rewritten(found, ({ id }) => (learntPatches.has(patchIds.get(id) ?? '') ? null : undefined));
  }
  if (await repository.isAncestor({ ancestor: lastLearnt, descendant: head })) {
    const found = await stretch(repository, { to: head, except: lastLearnt, limit });
    return { kind: 'forward', ...found, base: found.base ?? lastLearnt };
  }
  const base = await repository.mergeBase(lastLearnt, head);
  const learnt = await stretch(repository, { to: lastLearnt, except: base, limit });
  const found = await stretch(repository, { to: head, except: base, limit });
  const patchIds = await repository.patchIds([...learnt.commits, ...found.commits].map(({ id }) => id));
  const learntByPatch = new Map<string, string>();
  for (const { id } of learnt.commits) {
    const patchId = patchIds.get(id);
    if (patchId) learntByPatch.set(patchId, id);
  }
  return rewritten({ ...found, base }, ({ id }) => learntByPatch.get(patchIds.get(id) ?? ''));
}

/** `before`: what a commit was before the rewrite, null where only its patch is known, undefined where it is new. */
function rewritten({ base, commits, truncated }: Stretch, before: (commit: Commit) => string | null | undefined): CommitRange {
  return {
    kind: 'rewritten',
    base,
    commits: commits.filter((commit) => before(commit) === undefined),
    matched: commits.flatMap((commit) => {
      const known = before(commit);
      return known === undefined ? [] : [{ before: known, after: commit.id }];
    }),
    truncated,
  };
}

interface Stretch {
  readonly base: string | null;
  readonly commits: readonly Commit[];
  readonly truncated: boolean;
}

/** Oldest first. In a shallow clone the oldest commit only looks like a root: it becomes the base, or all files would seem new. */
async function stretch(repository: Repository, { to, except, limit }: { to: string; except: string | null; limit: number }): Promise<Stretch> {
  const options = { to, firstParent: true, limit: limit + 1, except: except === null ? [] : [except] };
  const newestFirst = await repository.log(options);
  const cut = newestFirst.length > limit;
  const commits = newestFirst.slice(0, limit).reverse();
  const oldest = commits[0];
  if (oldest !== undefined && oldest.parents.length === 0 && (await repository.isShallow())) {
    return { base: oldest.id, commits: commits.slice(1), truncated: true };
  }
  return { base: oldest?.parents[0] ?? null, commits, truncated: cut };
}
