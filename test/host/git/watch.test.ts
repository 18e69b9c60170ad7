// Watching a real repository with the real watcher.
import { afterEach, describe, expect, it } from 'vitest';
import { nodeFolderWatcher } from '../../../server/host/nodeFolderWatcher.ts';
import { systemClock } from '../../../server/host/systemClock.ts';
import { watchRepository } from '../../../server/git/watchRepository.ts';
import type { RepositorySnapshot } from '../../../server/git/watchRepository.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function watched(source: TemporaryRepository): Promise<{ next(): Promise<RepositorySnapshot> }> {
  const arrived: RepositorySnapshot[] = [];
  let wake: (() => void) | undefined;
  const watching = await watchRepository({
    repository: await source.open(),
    watcher: nodeFolderWatcher,
    clock: systemClock,
    quietMs: 20,
    onChange: (snapshot) => {
      arrived.push(snapshot);
      wake?.();
    },
    onError: (error) => {
      throw error;
    },
  });
  cleanUps.push(() => watching.dispose(), () => source.dispose());
  return {
    async next() {
      while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return arrived.shift() as RepositorySnapshot;
    },
  };
}

describe('a watched repository', () => {
  it('reports commits, new branches in folders, and switching', async () => {
    const source = new TemporaryRepository();
    source.commit('first', { 'a.ts': 'a\n' });
    const { next } = await watched(source);
    const head = source.commit('second', { 'a.ts': 'b\n' });
    let snapshot = await next();
    while (snapshot.state.kind !== 'onBranch' || snapshot.state.head !== head) snapshot = await next();
    source.git('branch', 'feature/deep');
    while (!snapshot.branches.some(({ name }) => name === 'feature/deep')) snapshot = await next();
    source.git('switch', '--quiet', 'feature/deep');
    while (snapshot.state.kind !== 'onBranch' || snapshot.state.branch !== 'feature/deep') snapshot = await next();
    expect(snapshot.state).toEqual({ kind: 'onBranch', branch: 'feature/deep', head });
  });
});
