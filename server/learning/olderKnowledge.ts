// What earlier versions of a branch were taught and are measured on: pairs to replay, probes for retention. A sleep version holds all
// pairs of its line, so the walk over the ancestors stops there for pairs; probes are collected from every ancestor.
import type { Probe } from '../reward/probe.ts';
import type { StoredPair } from '../selfEdit/selectReplay.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { Manifest } from '../store/version.ts';
import { readVersionOrNull } from '../store/versionFolder.ts';
import { readPairs, readProbes } from './storedItems.ts';

export interface OlderKnowledge {
  /** Newest first, each once; struck ones are left out. */
  readonly pairs: readonly StoredPair[];
  /** Newest first, each once. */
  readonly probes: readonly Probe[];
  readonly manifests: readonly Manifest[];
}

export async function olderKnowledge(store: StoreAccess, active: string | null, struck: ReadonlySet<string>): Promise<OlderKnowledge> {
  const pairs = new Map<string, StoredPair>();
  const probes = new Map<string, Probe>();
  const manifests: Manifest[] = [];
  let morePairs = true;
  for (let id = active; id !== null; ) {
    const version = await readVersionOrNull(store, id);
    // A gap in the chain (garbage, an import without its parents): what is older is not reachable.
    if (!version) break;
    manifests.push(version.manifest);
    if (morePairs) {
      for (const pair of readPairs(version.pairs)) {
        if (!struck.has(pair.id) && !pairs.has(pair.id)) pairs.set(pair.id, { pair, version: pair.replayOf ?? id, age: manifests.length - 1 });
      }
    }
    morePairs = morePairs && version.manifest.trainedFrom !== null;
    for (const probe of readProbes(version.probes)) if (!probes.has(probe.id)) probes.set(probe.id, probe);
    id = version.manifest.parent;
  }
  return { pairs: [...pairs.values()], probes: [...probes.values()], manifests };
}
