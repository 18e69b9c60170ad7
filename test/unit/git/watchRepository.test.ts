// When a watched repository speaks up: once per movement, never for noise.
import { describe, expect, it } from 'vitest';
import type { FolderWatcher } from '../../../server/base/folderWatcher.ts';
import type { RepositoryState } from '../../../server/git/commit.ts';
import type { Repository } from '../../../server/git/repository.ts';
import { watchRepository } from '../../../server/git/watchRepository.ts';
import { ManualClock } from '../../support/manualClock.ts';

async function scene({ duringFirstLook = false } = {}) {
  const listeners = new Map<string, (path: string | null) => void>();
  const watcher: FolderWatcher = {
    watch: ({ folder, onChange }) => {
      listeners.set(folder, onChange);
      return { dispose: () => void listeners.delete(folder) };
    },
  };
  const asked = { count: 0 };
  const now: { state: RepositoryState } = { state: { kind: 'onBranch', branch: 'main', head: 'a' } };
  const repository = {
    gitDir: '/r/.git',
    commonDir: '/r/.git',
    state: async () => {
      const state = now.state;
      if (asked.count++ === 0 && duringFirstLook) {
        now.state = { kind: 'onBranch', branch: 'main', head: 'moved' };
        listeners.get('/r/.git')?.('HEAD');
      }
      return state;
    },
    branches: async () => [],
  } as unknown as Repository;
  const seen: RepositoryState[] = [];
  const failures: unknown[] = [];
  const watching = await watchRepository({
    repository,
    watcher,
    clock: new ManualClock(),
    onChange: ({ state }) => seen.push(state),
    onError: (error) => failures.push(error),
  });
  /** Lets all promises settle: the manual clock never waits. */
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  return { listeners, asked, now, seen, failures, watching, settled, touch: (folder: string, path: string | null) => listeners.get(folder)?.(path) };
}

describe('watching a repository', () => {
  it('reports a burst of events once, with what git says after it', async () => {
    const { now, seen, settled, touch } = await scene();
    now.state = { kind: 'onBranch', branch: 'main', head: 'b' };
    touch('/r/.git', 'HEAD');
    touch('/r/.git/logs', 'HEAD');
    touch('/r/.git/refs/heads', 'main');
    await settled();
    expect(seen).toEqual([{ kind: 'onBranch', branch: 'main', head: 'b' }]);
  });

  it.each(['index', 'index.lock', 'FETCH_HEAD', 'COMMIT_EDITMSG', 'graft', 'ORIG_HEAD'])('does not even ask git when %s changes', async (name) => {
    const { asked, seen, settled, touch } = await scene();
    const before = asked.count;
    touch('/r/.git', name);
    await settled();
    expect(asked.count).toBe(before);
    expect(seen).toEqual([]);
  });

  it('says nothing when an event changed nothing', async () => {
    const { seen, settled, touch } = await scene();
    touch('/r/.git', 'HEAD');
    touch('/r/.git/refs/heads', null);
    await settled();
    expect(seen).toEqual([]);
  });

  it('misses nothing that happens while it takes its first look', async () => {
    const { listeners, now, seen, settled } = await scene({ duringFirstLook: true });
    await settled();
    expect(listeners.size).toBeGreaterThan(0);
    expect(seen).toEqual([now.state]);
  });

  it('is silent after it is disposed, and watches nothing', async () => {
    const { now, seen, settled, touch, watching, listeners } = await scene();
    now.state = { kind: 'detached', head: 'b' };
    touch('/r/.git', 'HEAD');
    watching.dispose();
    await settled();
    expect(seen).toEqual([]);
    expect(listeners.size).toBe(0);
  });
});
