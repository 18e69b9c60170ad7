// Git and the store of one repository: no model, no engine process, nothing that learns.
import { join } from 'node:path';
import { openRepository } from './git/openRepository.ts';
import type { Repository } from './git/repository.ts';
import { HostFileLock } from './host/fileLock.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { nodeProcesses } from './host/nodeProcesses.ts';
import { systemClock } from './host/systemClock.ts';
import { temporaryFolder } from './installation.ts';
import { storeAccess, type StoreAccess } from './store/storeAccess.ts';

export interface RepositoryOptions {
  /** Any folder inside the repository. */
  readonly folder: string;
  /** Where versions are kept; default: `graft` in the git directory that all worktrees share. */
  readonly storeRoot?: string;
}

export interface OpenedRepository {
  readonly repository: Repository;
  readonly store: StoreAccess;
}

export async function openRepositoryAndStore(options: RepositoryOptions): Promise<OpenedRepository> {
  const repository = await openRepository(options.folder, {
    processes: nodeProcesses,
    files: nodeFiles,
    temporaryFolder: temporaryFolder(),
    searchPath: process.env['PATH'] ?? '/usr/bin:/bin',
  });
  const root = options.storeRoot ?? join(repository.commonDir, 'graft');
  return { repository, store: storeAccess({ files: nodeFiles, lock: new HostFileLock(systemClock), clock: systemClock, root }) };
}
