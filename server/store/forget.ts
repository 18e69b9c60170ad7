// Forgetting commits: every version whose weights contain one of them is dropped, with its pairs, and so is everything else
// that quotes them. Weights cannot be untaught, so the answer says which commits must be learnt again without the forgotten.
import { z } from 'zod';
import { headOf } from './activeVersion.ts';
import { readBranches, replaceBranch, withMove } from './branchFile.ts';
import type { BranchRecord, Line } from './branchRecord.ts';
import { dropPoliciesOf } from './editorPolicy.ts';
import { appendJournal } from './journal.ts';
import { listManifests } from './listManifests.ts';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';
import type { Manifest } from './version.ts';
import { versionFolder } from './versionFolder.ts';

export interface Forgotten {
  readonly versions: readonly string[];
  readonly policies: readonly string[];
  /** Per branch whose active version was dropped: what serves now, and the commits that went with it and may be learnt again. */
  readonly rederive: readonly { readonly branch: string; readonly modelHash: string; readonly from: string | null; readonly commits: readonly string[] }[];
}

const forgottenSchema = z.object({ format: z.literal(1), commits: z.array(z.string()) });

/** Commits that must never be learnt again. */
export async function readForgotten(access: StoreAccess): Promise<ReadonlySet<string>> {
  try {
    return new Set(forgottenSchema.parse(JSON.parse(await access.files.readText(access.layout.forgotten))).commits);
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}

export async function forget(access: StoreAccess, options: { readonly commits: readonly string[] }): Promise<Forgotten> {
  return whileWriting(access, async (stillHeld) => {
    const { files, layout } = access;
    // First the promise not to learn them again: a crash after this line is repaired by running forget once more.
    const commits = new Set([...(await readForgotten(access)), ...options.commits]);
    await writing('the list of forgotten commits', () =>
      files.replace(layout.forgotten, `${JSON.stringify({ format: 1, commits: [...commits].sort() })}\n`),
    );

    const { tainted, rederive, parents, moved } = await losses(access, commits);
    for (const { record, lines } of moved) {
      let next = record;
      for (const { modelHash, line, active } of lines) {
        next = withMove(next, modelHash, {
          // What else went with the dropped versions is waiting again: the next learning derives it, without the forgotten commits.
          line: { active, parent: active === null ? null : (parents.get(active) ?? null), learntUpTo: headOf(line, active) },
          move: { kind: 'forget', atMs: access.clock.nowMs(), commits: options.commits },
        });
      }
      await replaceBranch(access, next);
    }

    stillHeld();
    for (const id of tainted) await writing(`version ${id}`, () => files.remove(versionFolder(access, id)));
    const policies = await dropPoliciesOf(access, commits);
    // These may quote the forgotten code and can be made again.
    for (const folder of [layout.progress, layout.aside, layout.scratch]) await writing(folder, () => files.remove(folder));
    await appendJournal(access, { atMs: access.clock.nowMs(), branch: '', kind: 'forgot', version: null, commits: options.commits });
    return { versions: [...tainted], policies, rederive };
  });
}

/** What `forget` would drop, with nothing changed. */
export async function whatForgetDrops(access: StoreAccess, options: { readonly commits: readonly string[] }): Promise<Pick<Forgotten, 'versions' | 'rederive'>> {
  const { tainted, rederive } = await losses(access, new Set([...(await readForgotten(access)), ...options.commits]));
  return { versions: [...tainted], rederive };
}

interface Losses {
  readonly tainted: ReadonlySet<string>;
  readonly rederive: Forgotten['rederive'];
  readonly parents: ReadonlyMap<string, string | null>;
  /** Branches whose active version is among them, and what is to serve each of their lines. */
  readonly moved: readonly { readonly record: BranchRecord; readonly lines: readonly { readonly modelHash: string; readonly line: Line; readonly active: string | null }[] }[];
}

async function losses(access: StoreAccess, commits: ReadonlySet<string>): Promise<Losses> {
  const manifests = await listManifests(access);
  const tainted = taintedVersions(manifests, commits);
  const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  const rederive: Forgotten['rederive'][number][] = [];
  const moved: Losses['moved'][number][] = [];
  for (const record of await readBranches(access)) {
    const lines: Losses['moved'][number]['lines'][number][] = [];
    for (const [modelHash, line] of Object.entries(record.lines)) {
      if (line.active === null || !tainted.has(line.active)) continue;
      const lost: Manifest[] = [];
      let active: string | null = line.active;
      while (active !== null && tainted.has(active)) {
        const manifest = byId.get(active);
        if (manifest) lost.unshift(manifest);
        active = manifest?.parent ?? null;
      }
      rederive.push({ branch: record.branch, modelHash, from: active, commits: relearnt(lost, commits) });
      lines.push({ modelHash, line, active });
    }
    if (lines.length > 0) moved.push({ record, lines });
  }
  return { tainted, rederive, parents: new Map(manifests.map(({ id, parent }) => [id, parent])), moved };
}

/** Versions that learnt, replay or probe one of the commits, and all whose training started from such a version. */
export function taintedVersions(manifests: readonly Manifest[], commits: ReadonlySet<string>): ReadonlySet<string> {
  const tainted = new Set(manifests.filter((manifest) => manifest.commits.some((commit) => commits.has(commit))).map((manifest) => manifest.id));
  for (let grew = true; grew; ) {
    grew = false;
    for (const manifest of manifests) {
      if (tainted.has(manifest.id) || manifest.trainedFrom === null || !tainted.has(manifest.trainedFrom)) continue;
      tainted.add(manifest.id);
      grew = true;
    }
  }
  return tainted;
}

function relearnt(lost: readonly Manifest[], forgotten: ReadonlySet<string>): string[] {
  return [...new Set(lost.flatMap((manifest) => manifest.commits))].filter((commit) => !forgotten.has(commit));
}
