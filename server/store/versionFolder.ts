// One version as a folder: a PEFT adapter, the manifest beside it and what taught and judged it.
// Written under a staging name, synced, then renamed: a folder under its own name is whole, or was damaged later.
import { sha256, sha256InSlices } from '../base/hash.ts';
import type { z } from 'zod';
import { StoreError } from './errors.ts';
import { adapterFiles, isId, manifestFile, pairsFile, probesFile, rewardFile, trainingFile, weightsFile } from './paths.ts';
import { detailsSchema, manifestSchema, storedItemSchema, trainingLineSchema } from './schemas.ts';
import { isMissing, writing, type StoreAccess } from './storeAccess.ts';
import type { CycleDetails, Manifest, NewManifest, StoredItem, TrainingLine, VersionContents } from './version.ts';

export interface NewVersion {
  readonly manifest: NewManifest;
  /** Holds adapter_config.json and adapter_model.safetensors, as the engine saved them. */
  readonly adapterFolder: string;
  readonly pairs: readonly StoredItem[];
  readonly probes: readonly StoredItem[];
  readonly training: readonly TrainingLine[];
  readonly details: CycleDetails;
}

/**
 * Writes the folder; the version serves nobody until a branch file names it. The id is a hash of the content, so writing
 * the same version again (a cycle repeated after a crash) finds it already there.
 */
export async function writeVersion(access: StoreAccess, version: NewVersion): Promise<Manifest> {
  const { files, layout } = access;
  const contents = new Map<string, Uint8Array | string>();
  for (const name of adapterFiles) contents.set(name, await files.read(`${version.adapterFolder}/${name}`));
  contents.set(pairsFile, jsonLines(version.pairs));
  contents.set(probesFile, jsonLines(version.probes));
  contents.set(trainingFile, jsonLines(version.training));
  contents.set(rewardFile, `${JSON.stringify(version.details, null, 2)}\n`);
  const hashes = Object.fromEntries([...contents].map(([name, data]) => [name, sha256(data)]));
  const manifest: Manifest = {
    format: 1,
    id: versionId(version.manifest, hashes),
    createdMs: access.clock.nowMs(),
    ...version.manifest,
    files: hashes,
  };

  const folder = versionFolder(access, manifest.id);
  const there = await checkVersion(access, folder);
  if (there.kind === 'whole' && !there.manifest.thinned) return there.manifest;
  const staged = `${layout.versions}/staged-${manifest.id}`;
  await writing(`version ${manifest.id}`, async () => {
    try {
      await files.makeFolder(layout.versions);
      await files.remove(staged);
      await files.makeFolder(staged);
      for (const [name, data] of contents) await files.write(`${staged}/${name}`, data);
      await files.write(`${staged}/${manifestFile}`, `${JSON.stringify(manifest, null, 2)}\n`);
      await files.syncFolder(staged);
      // What stands under this id is damaged or without weights (checked above): out of the way before the rename.
      await files.remove(folder);
      await files.rename(staged, folder);
      await files.syncFolder(layout.versions);
    } catch (error) {
      // The half-written folder holds space that a full disk needs; if this fails too, garbage collection takes it.
      await files.remove(staged).catch(() => undefined);
      throw error;
    }
  });
  return manifest;
}

export function versionFolder(access: StoreAccess, id: string): string {
  if (!isId(id)) throw new StoreError('unknownVersion', `"${id}" is not a version id. See "graft log" for the versions there are.`);
  return `${access.layout.versions}/${id}`;
}

export async function readManifest(access: StoreAccess, id: string): Promise<Manifest> {
  const folder = versionFolder(access, id);
  const found = await parseManifest(access, folder);
  if (found.kind === 'whole') return found.manifest;
  if (found.kind === 'missing') throw unknownVersion(id);
  throw new StoreError('corrupt', `Version ${id} cannot be read: ${found.why}.`, { version: id });
}

/** Everything but the weights, hashes checked. */
export async function readVersion(access: StoreAccess, id: string): Promise<VersionContents> {
  const folder = versionFolder(access, id);
  const found = await parseManifest(access, folder);
  if (found.kind === 'missing') throw unknownVersion(id);
  if (found.kind === 'damaged') throw new StoreError('corrupt', `Version ${id} cannot be read: ${found.why}.`, { version: id });
  const { manifest } = found;
  const text = async (name: string): Promise<string> => {
    const data = await access.files.read(`${folder}/${name}`).catch((error: unknown) => {
      if (isMissing(error)) throw new StoreError('corrupt', `Version ${id} lacks ${name}.`, { version: id, file: name });
      throw error;
    });
    if (sha256(data) !== manifest.files[name]) {
      throw new StoreError('corrupt', `Version ${id}: ${name} was altered after it was written.`, { version: id, file: name });
    }
    return new TextDecoder().decode(data);
  };
  return {
    manifest,
    pairs: parseLines(await text(pairsFile), storedItemSchema),
    probes: parseLines(await text(probesFile), storedItemSchema),
    training: parseLines(await text(trainingFile), trainingLineSchema),
    details: detailsSchema.parse(JSON.parse(await text(rewardFile))),
  };
}

/** The same, or null where the folder is gone or damaged: for walks over many versions, which one bad folder must not end. */
export async function readVersionOrNull(access: StoreAccess, id: string): Promise<VersionContents | null> {
  try {
    return await readVersion(access, id);
  } catch (error) {
    if (error instanceof StoreError && (error.code === 'unknownVersion' || error.code === 'corrupt')) return null;
    throw error;
  }
}

export type VersionCheck =
  | { readonly kind: 'whole'; readonly manifest: Manifest }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly why: string };

/** Reads every file of the folder and compares hashes. Weights that were dropped to save space are no damage. */
export async function checkVersion(access: StoreAccess, folder: string): Promise<VersionCheck> {
  const found = await parseManifest(access, folder);
  if (found.kind !== 'whole') return found;
  for (const [name, hash] of Object.entries(found.manifest.files)) {
    if (found.manifest.thinned && name === weightsFile) continue;
    try {
      if ((await sha256InSlices(await access.files.read(`${folder}/${name}`))) !== hash) return { kind: 'damaged', why: `${name} was altered` };
    } catch (error) {
      if (!isMissing(error)) throw error;
      return { kind: 'damaged', why: `${name} is missing` };
    }
  }
  return found;
}

async function parseManifest(access: StoreAccess, folder: string): Promise<VersionCheck> {
  let text: string;
  try {
    text = await access.files.readText(`${folder}/${manifestFile}`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (await access.files.stat(folder)) === undefined ? { kind: 'missing' } : { kind: 'damaged', why: 'it has no manifest' };
  }
  try {
    const manifest = manifestSchema.parse(JSON.parse(text));
    const needed = [...adapterFiles, pairsFile, probesFile, trainingFile, rewardFile];
    const unlisted = needed.filter((name) => manifest.files[name] === undefined);
    if (unlisted.length > 0) return { kind: 'damaged', why: `its manifest lists no ${unlisted[0]}` };
    // A name with a separator would be read from outside the folder.
    if (Object.keys(manifest.files).some((name) => !/^[\w.-]+$/.test(name))) return { kind: 'damaged', why: 'its manifest lists odd file names' };
    return { kind: 'whole', manifest };
  } catch {
    return { kind: 'damaged', why: 'its manifest is not one that this Graft understands' };
  }
}

/** Same training, same judgement, same id; time and durations are not part of it. */
function versionId(manifest: NewManifest, hashes: Readonly<Record<string, string>>): string {
  const { seconds: _seconds, ...rest } = manifest;
  return sha256(JSON.stringify([rest, hashes[weightsFile], hashes[pairsFile], hashes[probesFile]])).slice(0, 16);
}

export function unknownVersion(id: string): StoreError {
  return new StoreError('unknownVersion', `There is no version ${id} here. See "graft log" for the versions there are.`, { version: id });
}

export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function parseLines<T>(text: string, schema: z.ZodType<T>): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}
