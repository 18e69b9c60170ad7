// The version that serves a branch, checked byte for byte before anything loads it. A damaged or foreign one is set aside
// and the branch falls back to its parent, and so on down to the base model, which always serves.
import { lineOf, readBranch, replaceBranch, withMove } from './branchFile.ts';
import type { BranchRecord, Line } from './branchRecord.ts';
import { setAside } from './setAside.ts';
import { whileWriting, type StoreAccess } from './storeAccess.ts';
import type { Manifest } from './version.ts';
import { checkVersion, versionFolder } from './versionFolder.ts';

export interface ActiveVersion {
  /** Null: the base model serves. */
  readonly manifest: Manifest | null;
  /** A PEFT folder that the engine can load; null with the manifest. */
  readonly folder: string | null;
  readonly line: Line;
  /** What the user must be told: versions that were set aside. */
  readonly notices: readonly string[];
}

export async function activeVersion(access: StoreAccess, options: { readonly branch: string; readonly modelHash: string }): Promise<ActiveVersion> {
  const notices: string[] = [];
  // Each round sets one version aside, so this ends at the base at the latest.
  for (;;) {
    const line = lineOf(await readBranch(access, options.branch), options.modelHash);
    if (line.active === null) return { manifest: null, folder: null, line, notices };
    const fault = await faultOf(access, line.active, options.modelHash);
    if (fault.kind === 'sound') return { manifest: fault.manifest, folder: versionFolder(access, line.active), line, notices };
    notices.push(await fallBack(access, { ...options, version: line.active, fault }));
  }
}

export type Fault =
  | { readonly kind: 'sound'; readonly manifest: Manifest }
  | { readonly kind: 'faulty'; readonly code: 'unknownVersion' | 'corrupt' | 'thinned' | 'otherModel'; readonly why: string };

/** Why a version cannot serve on this base model, if so. */
export async function faultOf(access: StoreAccess, id: string, modelHash: string): Promise<Fault> {
  const check = await checkVersion(access, versionFolder(access, id));
  if (check.kind === 'missing') return { kind: 'faulty', code: 'unknownVersion', why: 'its folder is gone' };
  if (check.kind === 'damaged') return { kind: 'faulty', code: 'corrupt', why: check.why };
  const { manifest } = check;
  if (manifest.id !== id) return { kind: 'faulty', code: 'corrupt', why: `its manifest is that of version ${manifest.id}` };
  if (manifest.thinned) return { kind: 'faulty', code: 'thinned', why: 'its weights were dropped to save space' };
  if (manifest.model.hash !== modelHash) {
    return { kind: 'faulty', code: 'otherModel', why: `it was trained on another base model, ${manifest.model.name}` };
  }
  return { kind: 'sound', manifest };
}

async function fallBack(
  access: StoreAccess,
  options: { readonly branch: string; readonly modelHash: string; readonly version: string; readonly fault: Fault & { kind: 'faulty' } },
): Promise<string> {
  const { fault } = options;
  return whileWriting(access, async () => {
    const record = await readBranch(access, options.branch);
    const line = lineOf(record, options.modelHash);
    if (!record || line.active !== options.version) return `Branch "${options.branch}" moved on from version ${options.version}.`;
    const to = line.parent;
    // A thinned version is no damaged one: its pairs are still needed.
    const keepFolder = fault.code === 'thinned';
    const message =
      `Version ${options.version} of branch "${options.branch}" cannot be used: ${fault.why}.${keepFolder ? '' : ' It was set aside.'} ` +
      `${to === null ? 'The base model' : `Version ${to}`} serves instead. Learning again ("graft learn") restores what was lost.`;
    // The pointer moves first: were the folder moved first and the process killed, the pointer would name nothing.
    const parent = to === null ? null : await parentOf(access, to, record, options.modelHash);
    await replaceBranch(
      access,
      withMove(record, options.modelHash, {
        // What the lost version learnt is to be learnt again: from where its parent stood.
        line: { active: to, parent, learntUpTo: headOf(line, to) },
        move: { kind: 'fallBack', atMs: access.clock.nowMs(), about: options.version, reason: fault.why },
      }),
    );
    if (!keepFolder) await setAside(access, versionFolder(access, options.version), options.version, message);
    return message;
  });
}

/** The parent of a version, from its manifest or, where that is damaged, from the branch's history. */
export async function parentOf(access: StoreAccess, id: string, record: BranchRecord, modelHash: string): Promise<string | null> {
  const check = await checkVersion(access, versionFolder(access, id));
  if (check.kind === 'whole') return check.manifest.parent;
  const move = lineOf(record, modelHash).history.findLast((each) => each.to === id && each.from !== id);
  return move?.from ?? null;
}

/** How far the branch had learnt when `version` came to serve it; null for the base. */
export function headOf(line: Line, version: string | null): string | null {
  if (version === null) return null;
  return line.history.findLast((move) => move.to === version && (move.kind === 'promote' || move.kind === 'create'))?.head ?? null;
}
