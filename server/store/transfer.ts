// Versions travel between machines as the folders they are. Coming in, every hash is checked and the base model must be ours.
import { faultOf } from './activeVersion.ts';
import { StoreError } from './errors.ts';
import { whileWriting, writing, type StoreAccess } from './storeAccess.ts';
import type { Manifest } from './version.ts';
import { checkVersion, unknownVersion, versionFolder } from './versionFolder.ts';

/** Copies a whole version to `folder`, which must not exist yet. */
export async function exportVersion(access: StoreAccess, options: { readonly version: string; readonly folder: string }): Promise<Manifest> {
  const { files } = access;
  const from = versionFolder(access, options.version);
  const check = await checkVersion(access, from);
  if (check.kind === 'missing') throw unknownVersion(options.version);
  if (check.kind === 'damaged') throw new StoreError('corrupt', `Version ${options.version} is damaged: ${check.why}. It was not exported.`, { version: options.version });
  if (check.manifest.thinned) throw new StoreError('thinned', `The weights of version ${options.version} were dropped to save space. It was not exported.`, { version: options.version });
  if ((await files.stat(options.folder)) !== undefined) {
    throw new StoreError('alreadyThere', `${options.folder} exists already. Name a folder that does not.`, { folder: options.folder });
  }
  const beside = `${options.folder}.partial`;
  await writing(options.folder, async () => {
    await files.remove(beside);
    await files.copyFolder(from, beside);
    await files.rename(beside, options.folder);
  });
  return check.manifest;
}

/** Takes a version folder in. It serves nobody until it is activated. Importing what is here already changes nothing. */
export async function importVersion(access: StoreAccess, options: { readonly folder: string; readonly modelHash: string }): Promise<Manifest> {
  const { files, layout } = access;
  const check = await checkVersion(access, options.folder);
  if (check.kind === 'missing') throw new StoreError('notAVersion', `There is no folder ${options.folder}.`, { folder: options.folder });
  if (check.kind === 'damaged') throw new StoreError('notAVersion', `${options.folder} is not a version that can be imported: ${check.why}.`, { folder: options.folder });
  const { manifest } = check;
  if (manifest.thinned) throw new StoreError('thinned', `${options.folder} has no weights.`, { folder: options.folder });
  if (manifest.model.hash !== options.modelHash) {
    throw new StoreError(
      'otherModel',
      `This version was trained on ${manifest.model.name}, another base model than the one in use. Choose that model with --model and import again.`,
      { folder: options.folder, model: manifest.model.name, hash: manifest.model.hash },
    );
  }
  return whileWriting(access, async () => {
    const folder = versionFolder(access, manifest.id);
    if ((await faultOf(access, manifest.id, options.modelHash)).kind === 'sound') return manifest;
    const staged = `${layout.versions}/staged-${manifest.id}`;
    await writing(`version ${manifest.id}`, async () => {
      try {
        await files.makeFolder(layout.versions);
        await files.remove(staged);
        await files.makeFolder(staged);
        // File by file, since a copied folder is not synced; files that the manifest does not list stay behind.
        for (const name of [...Object.keys(manifest.files), 'manifest.json']) {
          await files.write(`${staged}/${name}`, await files.read(`${options.folder}/${name}`));
        }
        await files.syncFolder(staged);
        await files.remove(folder);
        await files.rename(staged, folder);
        await files.syncFolder(layout.versions);
      } catch (error) {
        await files.remove(staged).catch(() => undefined);
        throw error;
      }
    });
    return manifest;
  });
}
