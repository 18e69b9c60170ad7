// Which version serves a repository where HEAD stands now. A branch that is new starts from its nearest merge base's version; a detached
// HEAD is served by the nearest one; while a rebase or merge is under way what served goes on serving.
import type { RepositoryState } from '../../git/commit.ts';
import { nearestVersion } from '../../learning/nearestVersion.ts';
import { openBranch } from '../../learning/openBranch.ts';
import { activeVersion } from '../../store/activeVersion.ts';
import { readBranches } from '../../store/branchFile.ts';
import { versionFolder } from '../../store/versionFolder.ts';
import type { OpenedRepository } from '../capabilities.ts';

export interface ServedVersion {
  /** Null: the base model. */
  readonly version: string | null;
  /** The PEFT folder of it. */
  readonly folder: string | null;
  /** What the user must be told: versions that were set aside. */
  readonly notices: readonly string[];
}

/** Null: nothing changes. */
export async function servedVersion({ repository, store }: OpenedRepository, state: RepositoryState, modelHash: string): Promise<ServedVersion | null> {
  switch (state.kind) {
    case 'busy':
      return null;
    case 'detached': {
      const nearest = await nearestVersion({ repository, store, modelHash, records: await readBranches(store), head: state.head });
      const version = nearest?.version ?? null;
      return { version, folder: version === null ? null : versionFolder(store, version), notices: [] };
    }
    case 'onBranch':
    case 'noCommits': {
      if (state.kind === 'onBranch') await openBranch({ repository, store, modelHash, branch: state.branch, head: state.head });
      const { manifest, folder, notices } = await activeVersion(store, { branch: state.branch, modelHash });
      return { version: manifest?.id ?? null, folder, notices };
    }
  }
}
