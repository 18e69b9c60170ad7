// Tells when HEAD, a branch or the state of the repository has moved. Bursts of file events become one call, and a call comes only
// when what git says is different from before: an index refresh or a fetch wakes nobody.
import type { Clock } from '../base/clock.ts';
import { Cancelled } from '../base/cancellation.ts';
import type { FolderWatcher } from '../base/folderWatcher.ts';
import type { Branch, RepositoryState } from './commit.ts';
import type { Repository } from './repository.ts';
import { tellsOfMovement } from './state.ts';

export interface RepositorySnapshot {
  readonly state: RepositoryState;
  readonly branches: readonly Branch[];
}

export interface WatchOptions {
  readonly repository: Repository;
  readonly watcher: FolderWatcher;
  readonly clock: Clock;
  readonly onChange: (snapshot: RepositorySnapshot) => void;
  readonly onError: (error: unknown) => void;
  /** Events this close together count as one. Default 300. */
  readonly quietMs?: number;
}

export interface RepositoryWatch {
  /** What was there when watching began; `onChange` reports what differs from it. */
  readonly first: RepositorySnapshot;
  dispose(): void;
}

/** Watches before it looks, so that nothing falls between. Rejects when the first look fails. */
export async function watchRepository({ repository, watcher, clock, onChange, onError, quietMs = 300 }: WatchOptions): Promise<RepositoryWatch> {
  const ending = new AbortController();
  let last: string | undefined;
  let waiting = false;
  let again = false;

  const look = async (): Promise<RepositorySnapshot> => ({ state: await repository.state(), branches: await repository.branches() });
  const report = (snapshot: RepositorySnapshot): void => {
    const now = JSON.stringify(snapshot);
    if (now === last || ending.signal.aborted) return;
    last = now;
    onChange(snapshot);
  };
  const settle = async (): Promise<void> => {
    waiting = true;
    try {
      do {
        again = false;
        await clock.sleep(quietMs, ending.signal);
        if (!again) report(await look());
      } while (again);
    } catch (error) {
      if (!(error instanceof Cancelled)) onError(error);
    } finally {
      waiting = false;
    }
  };
  const onEvent = (): void => {
    // Before the first look is over there is nothing to compare with.
    if (waiting || last === undefined) again = true;
    else if (!ending.signal.aborted) void settle();
  };

  const watches = foldersToWatch(repository).map(({ folder, recursive, everything }) =>
    watcher.watch({
      folder,
      recursive,
      onChange: (path) => {
        if (everything || path === null || tellsOfMovement(path)) onEvent();
      },
      // A folder that is not there (logs, reftable) is one way less to notice, not a failure.
      onError: () => undefined,
    }),
  );
  const dispose = (): void => {
    ending.abort();
    for (const watch of watches) watch.dispose();
  };
  try {
    const first = await look();
    last = JSON.stringify(first);
    if (again) void settle();
    return { first, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function foldersToWatch({ gitDir, commonDir }: Repository): { folder: string; recursive: boolean; everything: boolean }[] {
  return [
    { folder: gitDir, recursive: false, everything: false },
    ...(commonDir === gitDir ? [] : [{ folder: commonDir, recursive: false, everything: false }]),
    { folder: `${gitDir}/logs`, recursive: false, everything: false },
    { folder: `${commonDir}/refs/heads`, recursive: true, everything: true },
    { folder: `${commonDir}/reftable`, recursive: false, everything: true },
  ];
}
