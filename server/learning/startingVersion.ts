// A version by its id as something to train from or to be judged against, where it is not the one that serves.
import { faultOf } from '../store/activeVersion.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { Manifest } from '../store/version.ts';
import { versionFolder } from '../store/versionFolder.ts';
import { LearningError } from './errors.ts';

/** Null is the base model. */
export async function startingVersion(store: StoreAccess, id: string | null, modelHash: string): Promise<{ manifest: Manifest | null; folder: string | null }> {
  if (id === null) return { manifest: null, folder: null };
  const fault = await faultOf(store, id, modelHash);
  if (fault.kind === 'faulty') throw new LearningError('noVersion', `Version ${id} cannot be trained from: ${fault.why}.`, { version: id });
  return { manifest: fault.manifest, folder: versionFolder(store, id) };
}
