// Subjects of commits by id, asked of git a branch at a time and kept: they never change.
import type { Repository } from '../../git/repository.ts';

/** How far back a branch's log is read at once. */
const logLimit = 500;
/** Logs read for one question; what none of them holds is asked for commit by commit. */
const mostLogs = 10;

export class CommitSubjects {
  private readonly known = new Map<string, string>();

  constructor(private readonly repository: Pick<Repository, 'log' | 'commit'>) {}

  /** Commits that git has lost have an empty subject. */
  async of(ids: readonly string[], heads: readonly string[]): Promise<ReadonlyMap<string, string>> {
    for (const head of heads.slice(0, mostLogs)) {
      if (ids.every((id) => this.known.has(id))) break;
      for (const commit of await this.repository.log({ to: head, limit: logLimit })) this.known.set(commit.id, commit.subject);
    }
    for (const id of ids) if (!this.known.has(id)) this.known.set(id, (await this.repository.commit(id))?.subject ?? '');
    return this.known;
  }
}
