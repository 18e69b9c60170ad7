// The record of a branch, made where there is none: a new branch starts from its nearest merge base's version, and so does one that was
// deleted and made again under its old name.
import type { Repository } from '../git/repository.ts';
import { readBranch, readBranches } from '../store/branchFile.ts';
import type { BranchCreation } from '../store/branchRecord.ts';
import { createBranch, isAnotherBranch } from '../store/movePointer.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { nearestVersion } from './nearestVersion.ts';

export interface OpenedBranch {
  readonly creation: BranchCreation;
  /** True where the record was made just now. */
  readonly isNew: boolean;
}

export async function openBranch(options: {
  readonly repository: Repository;
  readonly store: StoreAccess;
  readonly modelHash: string;
  readonly branch: string;
  readonly head: string;
}): Promise<OpenedBranch> {
  const { repository, store, modelHash, branch, head } = options;
  const creation: BranchCreation = (await repository.branchCreation(branch)) ?? { commit: null, timeSeconds: null };
  const record = await readBranch(store, branch);
  const remade = record !== undefined && isAnotherBranch(record.creation, creation);
  if (record?.lines[modelHash] && !remade) return { creation, isNew: false };
  // The old record of a branch made again is no source: it may know commits that were thrown away with it.
  const records = (await readBranches(store)).filter((other) => other.branch !== branch || !remade);
  const from = await nearestVersion({ repository, store, modelHash, records, head });
  if (record && !remade && from === null) return { creation, isNew: true };
  await createBranch(store, { branch, modelHash, creation, from });
  return { creation, isNew: true };
}
