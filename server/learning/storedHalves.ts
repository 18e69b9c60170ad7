// Which half a file's probes were given in earlier cycles, from all version folders: what was once judged on is never chosen on.
import type { Half } from '../reward/probe.ts';
import { knownHalves } from '../reward/halves.ts';
import { listManifests } from '../store/listManifests.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { readVersionOrNull } from '../store/versionFolder.ts';
import { readProbes } from './storedItems.ts';

/** Version folders never change, so each is read once. */
export function storedHalves(store: StoreAccess): () => Promise<ReadonlyMap<string, Half>> {
  const read = new Map<string, ReadonlyMap<string, Half>>();
  return async () => {
    const all = new Map<string, Half>();
    // Oldest first, so that the first decision about a file stands.
    for (const { id } of await listManifests(store)) {
      if (!read.has(id)) read.set(id, knownHalves(readProbes((await readVersionOrNull(store, id))?.probes ?? [])));
      for (const [path, half] of read.get(id) ?? []) if (!all.has(path)) all.set(path, half);
    }
    return all;
  };
}
