// The repositories that are open: those of the workspace's folders, and those found inside them when a document of one is opened. One host,
// and so one learner, per working tree.
import { GitError } from '../../git/errors.ts';
import type { Files } from '../../base/files.ts';
import { isWithin, plainPath } from '../../protocol/paths.ts';
import type { OpenedRepository } from '../capabilities.ts';
import { messageOf, RequestError } from '../errors.ts';
import type { RepositoryHost } from './repositoryHost.ts';

export interface RepositoriesParts {
  readonly files: Files;
  readonly openRepository: (folder: string) => Promise<OpenedRepository>;
  readonly createHost: (opened: OpenedRepository) => RepositoryHost;
  /** A repository was opened: its learner may start. */
  readonly onOpened: (host: RepositoryHost) => void;
  readonly log: (line: string) => void;
}

export class Repositories {
  /** By the plain paths of their working trees. */
  private readonly hosts = new Map<string, RepositoryHost>();
  private readonly opening = new Map<string, Promise<void>>();
  private folders: readonly string[] = [];
  private life = new AbortController();

  constructor(private readonly parts: RepositoriesParts) {}

  all(): readonly RepositoryHost[] {
    return [...this.hosts.values()];
  }

  /** The one with this working tree. @throws RequestError */
  of(folder: string): RepositoryHost {
    const host = this.hosts.get(plainPath(folder)) ?? this.containing(folder);
    if (host === null) throw new RequestError('noRepository', `${folder} is not in a git repository that Graft has open. Run "git init" there and open the folder, or trust the workspace.`, { folder });
    return host;
  }

  /** The innermost one around a file. */
  containing(path: string): RepositoryHost | null {
    const around = this.all().filter(({ folder }) => isWithin(path, folder));
    return around.sort((a, b) => b.folder.length - a.folder.length)[0] ?? null;
  }

  /** Opens those of the workspace's folders and closes those that are no longer of any. */
  async setFolders(folders: readonly string[]): Promise<void> {
    this.folders = folders;
    const kept = (host: RepositoryHost): boolean => folders.some((folder) => isWithin(folder, host.folder) || isWithin(host.folder, folder));
    const gone = this.all().filter((host) => !kept(host));
    for (const host of gone) this.hosts.delete(plainPath(host.folder));
    await Promise.all([...gone.map((host) => host.dispose()), ...folders.map((folder) => this.openAt(folder))]);
  }

  /** A document lies there: a repository inside a workspace folder is opened with it. */
  async noticeFile(path: string): Promise<void> {
    const folder = this.folders.filter((each) => isWithin(path, each)).map(plainPath).sort((a, b) => b.length - a.length)[0];
    if (folder === undefined) return;
    for (let at = parentOf(plainPath(path)); at.length >= folder.length && isWithin(at, folder); at = parentOf(at)) {
      if (this.hosts.has(at)) return;
      if (await this.parts.files.stat(`${at}/.git`)) return this.openAt(at);
    }
  }

  /** Looks for a repository where there was none before. */
  openAgain(folder: string): Promise<void> {
    return this.folders.some((each) => isWithin(folder, each)) ? this.openAt(folder) : Promise.resolve();
  }

  async dispose(): Promise<void> {
    this.life.abort();
    this.life = new AbortController();
    const hosts = this.all();
    this.hosts.clear();
    this.opening.clear();
    this.folders = [];
    await Promise.all(hosts.map((host) => host.dispose()));
  }

  private openAt(folder: string): Promise<void> {
    const key = plainPath(folder);
    const before = this.opening.get(key);
    if (before) return before;
    const opening = this.open(folder, this.life.signal)
      .catch((error: unknown) => {
        if (!(error instanceof GitError && error.code === 'notARepository')) this.parts.log(`${folder}: ${messageOf(error)}`);
      })
      .finally(() => this.opening.delete(key));
    this.opening.set(key, opening);
    return opening;
  }

  private async open(folder: string, signal: AbortSignal): Promise<void> {
    const opened = await this.parts.openRepository(folder);
    const { workTree } = opened.repository;
    const root = workTree === null ? null : plainPath(workTree);
    if (signal.aborted || root === null || this.hosts.has(root)) return;
    const host = this.parts.createHost(opened);
    this.hosts.set(root, host);
    await host.start();
    if (!signal.aborted && this.hosts.get(root) === host) this.parts.onOpened(host);
  }
}

/** Of a plain path. */
function parentOf(path: string): string {
  return path.replace(/\/[^/]*$/, '');
}
