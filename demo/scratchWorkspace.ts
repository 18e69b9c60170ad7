// A workspace for one run: the demo's project (or a repository that is there), versions in a folder that goes with the workspace. Used by benchmarks
// and tests; the demo itself also lets its user choose the model.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installationAt, userCacheFolder } from '../server/installation.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../server/openWorkspace.ts';
import { materialise } from './materialise.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface ScratchOptions extends Pick<WorkspaceOptions, 'runTests' | 'model' | 'onEngineCrash'> {
  /** Absent: the demo's project, made anew. */
  readonly repo?: string | undefined;
}

/** `scratch` is the run's own folder, removed with the workspace. */
export async function withScratchWorkspace<T>({ repo, ...options }: ScratchOptions, use: (workspace: Workspace, scratch: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'graft-scratch-'));
  try {
    const folder = repo === undefined ? join(scratch, 'tally') : resolve(repo);
    if (repo === undefined) materialise(folder, join(root, 'node_modules'));
    const workspace = await openWorkspace({
      ...options,
      folder,
      // The user's own versions stay as they are.
      storeRoot: join(scratch, 'versions'),
      installation: installationAt(root),
      cacheFolder: userCacheFolder(),
      authors: { kind: 'everyone' },
    });
    try {
      return await use(workspace, scratch);
    } finally {
      await workspace.dispose();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
