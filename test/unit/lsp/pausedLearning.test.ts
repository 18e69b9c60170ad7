// A pause lasts until it is resumed: over a new server process, a reload of the window, and learning that is turned off and on.
import { expect, it } from 'vitest';
import type { Repository } from '../../../server/git/repository.ts';
import { RepositoryHost } from '../../../server/lsp/repositories/repositoryHost.ts';
import { learn } from '../../../server/lsp/requests/learn.ts';
import type { LearnerOpen } from '../../../server/protocol/learner.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore } from '../../support/sampleVersion.ts';
import { ScriptedThread } from '../../support/scriptedLearner.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

const settings = { enabled: true, budgetMsPerHour: null, sleepWhenIdle: true };
const open: Omit<LearnerOpen, 'settings'> = { type: 'open', folder: '/repo', installationRoot: '/graft', cacheFolder: '/cache', seed: 1, runTests: false, approvedEmails: null };

/** A window of the repository: what a server process that starts now makes of what is on the disk. */
function windowOf(files: MemoryFiles) {
  const threads: ScriptedThread[] = [];
  const host = new RepositoryHost(
    { repository: { workTree: '/repo', name: 'repo' } as Repository, store: memoryStore(files) },
    {
      clock: new WaitingClock(),
      watcher: { watch: () => ({ dispose: () => undefined }) },
      editor: { status: () => undefined, tell: () => undefined, storeChanged: () => undefined, log: () => undefined },
      startLearner: () => {
        const thread = new ScriptedThread();
        threads.push(thread);
        return thread;
      },
      model: () => null,
      setActive: () => undefined,
      onStatus: () => undefined,
    },
  );
  return { host, threads, told: () => threads.flatMap(({ posted }) => posted.map(({ type }) => type)) };
}

it('begins paused where it was paused, and learns again once it was resumed', async () => {
  const files = new MemoryFiles();
  const first = windowOf(files);
  await first.host.teach(open, settings);
  expect(first.told()).toEqual(['open']);
  await learn(first.host, 'pause');
  expect(first.told()).toEqual(['open', 'pause']);

  const second = windowOf(files);
  await second.host.teach(open, settings);
  expect(second.told()).toEqual(['open', 'pause']);
  expect(second.host.status().learning).toEqual({ kind: 'paused', why: 'byUser' });
  await learn(second.host, 'resume');
  expect(second.told()).toEqual(['open', 'pause', 'resume']);

  const third = windowOf(files);
  await third.host.teach(open, settings);
  expect(third.told()).toEqual(['open']);
  expect(third.host.status().learning).toEqual({ kind: 'idle' });
});

it('starts one learner where it is asked twice at once', async () => {
  const { host, threads } = windowOf(new MemoryFiles());
  await Promise.all([host.teach(open, settings), host.teach(open, settings)]);
  expect(threads).toHaveLength(1);
});

it('resumes what was never paused', async () => {
  const { host, told } = windowOf(new MemoryFiles());
  await host.teach(open, settings);
  await learn(host, 'resume');
  expect(told()).toEqual(['open', 'resume']);
});
