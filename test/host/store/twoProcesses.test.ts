// The store on a real disk with real locks: two writers at once, and a lock whose holder was killed.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFileLock } from '../../../server/host/fileLock.ts';
import { nodeFiles } from '../../../server/host/nodeFiles.ts';
import { activeVersion } from '../../../server/store/activeVersion.ts';
import { readBranch } from '../../../server/store/branchFile.ts';
import { lockLearning } from '../../../server/store/learningLock.ts';
import { recordCycle } from '../../../server/store/recordCycle.ts';
import { storeAccess, type StoreAccess } from '../../../server/store/storeAccess.ts';
import { cycleOf, modelHash, sampleVersion } from '../../support/sampleVersion.ts';
import { systemClock } from '../../../server/host/systemClock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function openStore(): StoreAccess {
  return storeAccess({ files: nodeFiles, lock: new HostFileLock(systemClock), clock: systemClock, root: join(folder, 'graft') });
}

/** Adapters go under the test's own folder instead of the sample's `/engine`. */
const engineFiles = {
  ...nodeFiles,
  makeFolder: (path: string) => nodeFiles.makeFolder(folder + path),
  write: (path: string, data: Uint8Array | string) => nodeFiles.write(folder + path, data),
};

async function promoteFrom(store: StoreAccess, commit: string, active: string | null): Promise<string> {
  const version = await sampleVersion(engineFiles, { commit, weights: `w-${commit}`, parent: active });
  const moved = { ...version, adapterFolder: folder + version.adapterFolder };
  const recorded = await recordCycle(store, { ...cycleOf({ commit, active }), outcome: { kind: 'promoted', version: moved } });
  return recorded.promoted?.id ?? '';
}

describe('two processes', () => {
  it('that promote at once from the same version: one wins, the other is told, nothing is lost', async () => {
    const first = await promoteFrom(openStore(), 'c1', null);
    const results = await Promise.allSettled(['c2', 'c3', 'c4'].map((commit) => promoteFrom(openStore(), commit, first)));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'moved' });
    const line = (await readBranch(openStore(), 'main'))?.lines[modelHash];
    expect(line?.history).toHaveLength(2);
    expect((await activeVersion(openStore(), { branch: 'main', modelHash })).manifest?.id).toBe(won[0]?.value);
  });

  it('cannot learn at once', async () => {
    const held = await lockLearning(openStore(), { waitMs: 0 });
    await expect(lockLearning(openStore(), { waitMs: 0 })).rejects.toMatchObject({ code: 'busy' });
    await held.release();
    await (await lockLearning(openStore(), { waitMs: 0 })).release();
  });

  it('take over the lock of one that was killed', async () => {
    const store = openStore();
    await nodeFiles.makeFolder(store.layout.root);
    const script = join(folder, 'holder.mjs');
    await writeFile(
      script,
      `import lockfile from ${JSON.stringify(join(process.cwd(), 'node_modules/proper-lockfile/index.js'))};
       await lockfile.lock(${JSON.stringify(store.layout.learningLock)}, { realpath: false, stale: 10000 });
       console.log('held'); setInterval(() => {}, 1000);`,
    );
    const holder = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(lockLearning(store, { waitMs: 0 })).rejects.toMatchObject({ code: 'busy' });
    holder.kill('SIGKILL');
    const held = await lockLearning(store);
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });
});
