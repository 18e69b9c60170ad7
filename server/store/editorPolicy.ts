// Editor policies: the adapters that write self-edits, made by ReST-EM in the sleep cycle. Same discipline as versions:
// a folder under its final name is whole, and `current.json` (one policy per base model) is the commit point.
import { z } from 'zod';
import { sha256 } from '../base/hash.ts';
import { adapterFiles, isId, manifestFile, weightsFile } from './paths.ts';
import { setAside } from './setAside.ts';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';

export interface PolicyManifest {
  readonly format: 1;
  readonly id: string;
  readonly createdMs: number;
  readonly model: { readonly name: string; readonly hash: string };
  /** ReST-EM round, from 1. */
  readonly round: number;
  readonly parent: string | null;
  /** Commits whose self-edits taught it: forgetting one of them drops the policy. */
  readonly commits: readonly string[];
  /** Winning self-edits it was trained on, and the versions they come from. */
  readonly samples: number;
  readonly versions: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const policySchema = z.looseObject({
  format: z.literal(1),
  id: z.string(),
  createdMs: z.number(),
  model: z.object({ name: z.string(), hash: z.string() }),
  round: z.number().int(),
  parent: z.string().nullable(),
  commits: z.array(z.string()),
  samples: z.number().int(),
  versions: z.array(z.string()),
  files: z.record(z.string(), z.string()),
}) as unknown as z.ZodType<PolicyManifest>;

const currentSchema = z.object({ format: z.literal(1), current: z.record(z.string(), z.string().nullable()) });

export interface ActivePolicy {
  readonly manifest: PolicyManifest;
  /** A PEFT folder. */
  readonly folder: string;
}

/** The policy in use for a base model; null: the base model itself writes self-edits. A damaged one is set aside. */
export async function activePolicy(access: StoreAccess, modelHash: string): Promise<ActivePolicy | null> {
  const id = (await readCurrent(access))[modelHash] ?? null;
  if (id === null || !isId(id)) return null;
  const folder = `${access.layout.policies}/${id}`;
  const manifest = await readPolicy(access, folder);
  if (manifest && manifest.id === id && manifest.model.hash === modelHash) return { manifest, folder };
  await whileWriting(access, async () => {
    await writeCurrent(access, { ...(await readCurrent(access)), [modelHash]: null });
    await setAside(access, folder, `policy-${id}`, `Editor policy ${id} is damaged or of another base model; the base model writes self-edits again.`);
  });
  return null;
}

export async function recordPolicy(
  access: StoreAccess,
  policy: { readonly adapterFolder: string; readonly manifest: Omit<PolicyManifest, 'format' | 'id' | 'createdMs' | 'files'> },
): Promise<PolicyManifest> {
  const { files, layout } = access;
  const contents = new Map<string, Uint8Array>();
  for (const name of adapterFiles) contents.set(name, await files.read(`${policy.adapterFolder}/${name}`));
  const hashes = Object.fromEntries([...contents].map(([name, data]) => [name, sha256(data)]));
  const id = sha256(JSON.stringify([policy.manifest, hashes[weightsFile]])).slice(0, 16);
  const manifest: PolicyManifest = { format: 1, id, createdMs: access.clock.nowMs(), ...policy.manifest, files: hashes };
  return whileWriting(access, async (stillHeld) => {
    const staged = `${layout.policies}/staged-${id}`;
    const folder = `${layout.policies}/${id}`;
    await writing(`editor policy ${id}`, async () => {
      try {
        await files.makeFolder(layout.policies);
        await files.remove(staged);
        await files.makeFolder(staged);
        for (const [name, data] of contents) await files.write(`${staged}/${name}`, data);
        await files.write(`${staged}/${manifestFile}`, `${JSON.stringify(manifest, null, 2)}\n`);
        await files.syncFolder(staged);
        await files.remove(folder);
        await files.rename(staged, folder);
        await files.syncFolder(layout.policies);
      } catch (error) {
        await files.remove(staged).catch(() => undefined);
        throw error;
      }
    });
    stillHeld();
    await writeCurrent(access, { ...(await readCurrent(access)), [manifest.model.hash]: id });
    return manifest;
  });
}

/** Policies that learnt from any of these commits stop serving and are deleted. Call it under the write lock. */
export async function dropPoliciesOf(access: StoreAccess, commits: ReadonlySet<string>): Promise<string[]> {
  const dropped: string[] = [];
  const names = await access.files.list(access.layout.policies).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const id of names.filter(isId)) {
    const folder = `${access.layout.policies}/${id}`;
    const manifest = await readPolicy(access, folder);
    if (!manifest?.commits.some((commit) => commits.has(commit))) continue;
    dropped.push(id);
    const current = await readCurrent(access);
    if (current[manifest.model.hash] === id) await writeCurrent(access, { ...current, [manifest.model.hash]: null });
    await writing(`editor policy ${id}`, () => access.files.remove(folder));
  }
  return dropped;
}

async function readPolicy(access: StoreAccess, folder: string): Promise<PolicyManifest | undefined> {
  try {
    const manifest = policySchema.parse(JSON.parse(await access.files.readText(`${folder}/${manifestFile}`)));
    for (const name of adapterFiles) {
      if (sha256(await access.files.read(`${folder}/${name}`)) !== manifest.files[name]) return undefined;
    }
    return manifest;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export async function readCurrent(access: StoreAccess): Promise<Readonly<Record<string, string | null>>> {
  try {
    const parsed = currentSchema.safeParse(JSON.parse(await access.files.readText(`${access.layout.policies}/current.json`)));
    return parsed.success ? parsed.data.current : {};
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return {};
    throw error;
  }
}

async function writeCurrent(access: StoreAccess, current: Readonly<Record<string, string | null>>): Promise<void> {
  await writing('the choice of editor policy', async () => {
    await access.files.makeFolder(access.layout.policies);
    await access.files.replace(`${access.layout.policies}/current.json`, `${JSON.stringify({ format: 1, current })}\n`);
  });
}
