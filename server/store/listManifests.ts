// Manifests of all version folders that can be read, oldest first; damaged folders are left for the one who needs them.
import type { Manifest } from './version.ts';
import { isId } from './paths.ts';
import { readManifest } from './versionFolder.ts';
import { StoreError } from './errors.ts';
import { isMissing, type StoreAccess } from './storeAccess.ts';

export async function listManifests(access: StoreAccess): Promise<Manifest[]> {
  let names: string[];
  try {
    names = await access.files.list(access.layout.versions);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const manifests: Manifest[] = [];
  for (const id of names.filter(isId)) {
    try {
      manifests.push(await readManifest(access, id));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
  return manifests.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
}
