// Keeps the versions of a repository within the disk that the user allows: the weights of versions far back go first, never pairs and probes,
// and never those of an active version.
import type { Repository } from '../git/repository.ts';
import { collectGarbage } from '../store/collectGarbage.ts';
import { isMissing, type StoreAccess } from '../store/storeAccess.ts';
import { learning } from './constants.ts';

export interface DiskUse {
  readonly bytes: number;
  /** Over the budget although nothing more can be dropped. */
  readonly full: boolean;
}

export async function keepWithinDisk(parts: { readonly store: StoreAccess; readonly repository: Pick<Repository, 'branches'> }, budgetBytes: number): Promise<DiskUse> {
  const { store, repository } = parts;
  let bytes = await bytesOf(store, store.layout.versions);
  if (bytes <= budgetBytes) return { bytes, full: false };
  const branches = (await repository.branches()).map(({ name }) => name);
  for (let keepWeights: number = learning.keepWeights; bytes > budgetBytes && keepWeights >= 0; keepWeights = keepWeights === 0 ? -1 : keepWeights >> 1) {
    await collectGarbage(store, { branches, keepWeights, keepRejected: Math.min(learning.keepRejected, keepWeights), keepUnnamedMs: learning.keepUnnamedMs });
    bytes = await bytesOf(store, store.layout.versions);
  }
  return { bytes, full: bytes > budgetBytes };
}

async function bytesOf(store: StoreAccess, path: string): Promise<number> {
  const stat = await store.files.stat(path);
  if (stat?.kind !== 'folder') return stat?.sizeBytes ?? 0;
  let bytes = 0;
  try {
    for (const name of await store.files.list(path)) bytes += await bytesOf(store, `${path}/${name}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return bytes;
}
