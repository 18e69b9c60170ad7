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

/** The first snapshot is taken on watching; `onChange` reports what differs from it. */
export function watchRepository({ repository, watcher, clock, onChange, onError, quietMs = 300 }: WatchOptions): { dispose(): void } {
  const ending = new AbortController();
  let last: string | undefined;
  let waiting = false;
  let again = false;

  const look = async (): Promise<void> => {
    const snapshot = { state: await repository.state(), branches: await repository.branches() };
    const now = JSON.stringify(snapshot);
    const moved = last !== undefined && last !== now;
    last = now;
    if (moved && !ending.signal.aborted) onChange(snapshot);
  };
  const settle = async (): Promise<void> => {
    waiting = true;
    try {
      do {
        again = false;
        await clock.sleep(quietMs, ending.signal);
        if (!again) await look();
      } while (again);
    } catch (error) {
      if (!(error instanceof Cancelled)) onError(error);
    } finally {
      waiting = false;
    }
  };
  const onEvent = (): void => {
    if (waiting) again = true;
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
  look().catch(onError);
  return {
    dispose() {
      ending.abort();
      for (const watch of watches) watch.dispose();
    },
  };
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
