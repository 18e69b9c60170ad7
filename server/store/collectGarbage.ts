// What may go: leftovers of killed writers, versions that no branch file names, old rejected candidates, and the weights (never the pairs
// and probes) of versions far back in a branch's history. Only what nothing points to is removed, so it may be killed at any moment.
import { readBranches, replaceBranch } from './branchFile.ts';
import type { BranchRecord, Line } from './branchRecord.ts';
import { readCurrent } from './editorPolicy.ts';
import { listManifests } from './listManifests.ts';
import { branchFileName, isId, manifestFile, weightsFile } from './paths.ts';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';
import type { Manifest } from './version.ts';
import { versionFolder } from './versionFolder.ts';

export interface GarbageOptions {
  /** Branches that git has; records of others are dropped. */
  readonly branches: readonly string[];
  /** Versions back from each active one that keep their weights, and as many of those that served last: how far one can roll back, also after a reset. */
  readonly keepWeights: number;
  /** Rejected versions kept per branch and model, newest first. */
  readonly keepRejected: number;
  /** How long a version that no branch names stays: it may be imported and not yet activated, or of a branch deleted by mistake. */
  readonly keepUnnamedMs: number;
}

export interface Garbage {
  readonly versions: readonly string[];
  readonly thinned: readonly string[];
  readonly branches: readonly string[];
  readonly leftovers: readonly string[];
}

export async function collectGarbage(access: StoreAccess, options: GarbageOptions): Promise<Garbage> {
  return whileWriting(access, async () => {
    const { files, layout } = access;
    const existing = new Set(options.branches);
    const records = await readBranches(access);
    const gone = records.filter((record) => !existing.has(record.branch));
    const kept = records.filter((record) => existing.has(record.branch)).map((record) => withoutOldRejections(record, options.keepRejected));
    for (const record of kept) if (!records.includes(record)) await replaceBranch(access, record);
    for (const record of gone) await writing(record.branch, () => files.remove(`${layout.branches}/${branchFileName(record.branch)}`));

    const manifests = await listManifests(access);
    const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
    const lines = kept.flatMap((record) => Object.values(record.lines));
    const named = new Set(lines.flatMap((line) => reachable(line, byId)));
    const reach = options.keepWeights + 1;
    const weighty = new Set(lines.flatMap((line) => [...chain(line.active, byId).slice(0, reach), ...servedOf(line).slice(0, reach), ...aboutOf(line)]));

    const unnamed: Manifest[] = [];
    for (const manifest of manifests) if (!named.has(manifest.id) && (await mayGo(access, manifest, options.keepUnnamedMs))) unnamed.push(manifest);
    for (const { id } of unnamed) await writing(id, () => files.remove(versionFolder(access, id)));
    const thinned = manifests.filter((manifest) => named.has(manifest.id) && !weighty.has(manifest.id) && !manifest.thinned);
    for (const manifest of thinned) await thin(access, manifest);
    const leftovers = await removeLeftovers(access);
    return { versions: unnamed.map(({ id }) => id), thinned: thinned.map(({ id }) => id), branches: gone.map(({ branch }) => branch), leftovers };
  });
}

async function mayGo(access: StoreAccess, manifest: Manifest, keepUnnamedMs: number): Promise<boolean> {
  if (manifest.verdict.kind === 'rejected') return true;
  const stat = await access.files.stat(versionFolder(access, manifest.id));
  return stat !== undefined && access.clock.nowMs() - stat.modifiedMs > keepUnnamedMs;
}

/** The version and its ancestors, newest first. */
function chain(from: string | null, byId: ReadonlyMap<string, Manifest>): string[] {
  const ids: string[] = [];
  for (let id = from; id !== null && !ids.includes(id); id = byId.get(id)?.parent ?? null) ids.push(id);
  return ids;
}

function reachable(line: Line, byId: ReadonlyMap<string, Manifest>): string[] {
  const roots = [line.active, line.parent, ...line.history.flatMap((move) => [move.from, move.to, move.about ?? null])];
  return roots.flatMap((root) => chain(root, byId));
}

/** What served the branch at any time, last served first: after a reset or a roll back the versions that were left are no ancestors of the active one. */
function servedOf({ history }: Line): string[] {
  const served = history.toReversed().flatMap(({ from, to }) => [to, from]);
  return [...new Set(served)].filter((id) => id !== null);
}

function aboutOf(line: Line): string[] {
  return line.history.flatMap((move) => (move.about === undefined ? [] : [move.about]));
}

function withoutOldRejections(record: BranchRecord, keep: number): BranchRecord {
  let changed = false;
  const lines = Object.fromEntries(
    Object.entries(record.lines).map(([modelHash, line]) => {
      const recent = new Set(line.history.filter((move) => move.about !== undefined).slice(-keep));
      const history = line.history.map((move) => {
        if (move.about === undefined || recent.has(move)) return move;
        changed = true;
        const { about: _about, ...rest } = move;
        return rest;
      });
      return [modelHash, { ...line, history }];
    }),
  );
  return changed ? { ...record, lines } : record;
}

/** The manifest says first that the weights are gone; killed in between, they only take space a little longer. */
async function thin(access: StoreAccess, manifest: Manifest): Promise<void> {
  const folder = versionFolder(access, manifest.id);
  await writing(`version ${manifest.id}`, async () => {
    await access.files.replace(`${folder}/${manifestFile}`, `${JSON.stringify({ ...manifest, thinned: true }, null, 2)}\n`);
    await access.files.remove(`${folder}/${weightsFile}`);
  });
}

async function removeLeftovers(access: StoreAccess): Promise<string[]> {
  const { files, layout } = access;
  const current = new Set(Object.values(await readCurrent(access)));
  const paths: string[] = [];
  for (const name of await listOr(access, layout.versions)) if (!isId(name)) paths.push(`${layout.versions}/${name}`);
  for (const name of await listOr(access, layout.policies)) {
    if (name !== 'current.json' && !current.has(name)) paths.push(`${layout.policies}/${name}`);
  }
  // Temporary files of `replace` that a killed process left.
  for (const folder of [layout.root, layout.branches, layout.progress]) {
    for (const name of await listOr(access, folder)) if (name.endsWith('.tmp')) paths.push(`${folder}/${name}`);
  }
  for (const path of paths) await writing(path, () => files.remove(path));
  return paths;
}

async function listOr(access: StoreAccess, folder: string): Promise<string[]> {
  try {
    return await access.files.list(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
