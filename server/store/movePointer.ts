// Moves of a branch's pointer that a user asks for: roll back, keep a rejected version, reset, follow rewritten history.
import { faultOf, type Fault } from './activeVersion.ts';
import { lineOf, newBranchRecord, readBranch, replaceBranch, withMove } from './branchFile.ts';
import { waitingCommits, type BranchCreation, type BranchRecord, type Line } from './branchRecord.ts';
import { StoreError } from './errors.ts';
import { whileWriting, type StoreAccess } from './storeAccess.ts';
import { unknownVersion } from './versionFolder.ts';

export interface BranchOfModel {
  readonly branch: string;
  readonly modelHash: string;
}

/**
 * Makes `version` serve the branch. Any whole version on the same base model will do: an older one, a rejected one
 * (`keep`), one of another branch, an imported one. What has been learnt stays marked as learnt, unless `learntUpTo` says up to where
 * the branch has learnt with that version. Commits that waited and are in a version that is kept wait no more.
 */
export async function activate(
  access: StoreAccess,
  options: BranchOfModel & { readonly version: string; readonly kind: 'rollBack' | 'keep'; readonly creation?: BranchCreation; readonly learntUpTo?: string | null },
): Promise<Line> {
  return whileWriting(access, async () => {
    const record = await branchOr(access, options.branch, options.creation);
    const fault = await faultOf(access, options.version, options.modelHash);
    if (fault.kind === 'faulty') throw cannotServe(options.version, fault);
    const line = lineOf(record, options.modelHash);
    const { head, parent } = fault.manifest;
    const decided = options.kind === 'keep' && waitingCommits(line).has(head) ? head : line.learntUpTo;
    const learntUpTo = options.learntUpTo === undefined ? decided : options.learntUpTo;
    return move(access, record, options.modelHash, options.kind, { ...line, learntUpTo, active: options.version, parent });
  });
}

/** Back to the base model or to the parent of the active version. `relearn` forgets how far the branch had learnt. */
export async function reset(
  access: StoreAccess,
  options: BranchOfModel & { readonly to: 'parent' | 'base'; readonly relearn?: boolean },
): Promise<Line> {
  return whileWriting(access, async () => {
    const record = await branchOr(access, options.branch, undefined);
    const line = lineOf(record, options.modelHash);
    const active = options.to === 'base' ? null : line.parent;
    let parent: string | null = null;
    if (active !== null) {
      const fault = await faultOf(access, active, options.modelHash);
      if (fault.kind === 'faulty') throw cannotServe(active, fault);
      parent = fault.manifest.parent;
    }
    return move(access, record, options.modelHash, 'reset', { ...line, active, parent, learntUpTo: options.relearn ? null : line.learntUpTo });
  });
}

/**
 * Starts the record of a branch: a new one, or one made again under an old name (the old record is replaced; its versions
 * stay until garbage collection). `from` is the nearest merge base's version; null starts from the base model.
 */
export async function createBranch(
  access: StoreAccess,
  options: BranchOfModel & {
    readonly creation: BranchCreation;
    readonly from: { readonly version: string | null; readonly learntUpTo: string | null } | null;
  },
): Promise<Line> {
  return whileWriting(access, async () => {
    const old = await readBranch(access, options.branch);
    const remade = old !== undefined && isAnotherBranch(old.creation, options.creation);
    const record = !old || remade ? newBranchRecord(options.branch, options.creation) : old;
    let parent: string | null = null;
    const active = options.from?.version ?? null;
    if (active !== null) {
      const fault = await faultOf(access, active, options.modelHash);
      if (fault.kind === 'faulty') throw cannotServe(active, fault);
      parent = fault.manifest.parent;
    }
    return move(access, record, options.modelHash, 'create', { active, parent, learntUpTo: options.from?.learntUpTo ?? null, history: [] });
  });
}

/**
 * History was rewritten: the commit up to which the branch has learnt has another id now, or is gone. `active` absent: the same version
 * stands; given (a version of the shared history, or null for the base): what was learnt beyond it is derived again.
 */
export async function followRewrite(
  access: StoreAccess,
  options: BranchOfModel & { readonly learntUpTo: string | null; readonly active?: string | null; readonly reason: string },
): Promise<Line> {
  return whileWriting(access, async () => {
    const record = await branchOr(access, options.branch, undefined);
    const line = lineOf(record, options.modelHash);
    const active = options.active === undefined ? line.active : options.active;
    let { parent } = line;
    if (active !== line.active) {
      const fault = active === null ? null : await faultOf(access, active, options.modelHash);
      if (active !== null && fault?.kind === 'faulty') throw cannotServe(active, fault);
      parent = fault?.kind === 'sound' ? fault.manifest.parent : null;
    }
    return move(access, record, options.modelHash, 'rewritten', { ...line, active, parent, learntUpTo: options.learntUpTo }, options.reason);
  });
}

/** True where both creations are known and differ: the branch was deleted and made again. */
export function isAnotherBranch(recorded: BranchCreation, now: BranchCreation): boolean {
  if (recorded.timeSeconds === null || now.timeSeconds === null) return false;
  return recorded.timeSeconds !== now.timeSeconds || recorded.commit !== now.commit;
}

async function move(
  access: StoreAccess,
  record: BranchRecord,
  modelHash: string,
  kind: 'rollBack' | 'keep' | 'reset' | 'create' | 'rewritten',
  to: Line,
  reason?: string,
): Promise<Line> {
  const next = withMove(record, modelHash, {
    line: { active: to.active, parent: to.parent, learntUpTo: to.learntUpTo },
    move: { kind, atMs: access.clock.nowMs(), ...(reason === undefined ? {} : { reason }) },
  });
  await replaceBranch(access, next);
  return lineOf(next, modelHash);
}

async function branchOr(access: StoreAccess, branch: string, creation: BranchCreation | undefined): Promise<BranchRecord> {
  const record = await readBranch(access, branch);
  if (record) return record;
  if (creation) return newBranchRecord(branch, creation);
  throw new StoreError('unknownBranch', `Nothing has been learnt on branch "${branch}" yet.`, { branch });
}

function cannotServe(version: string, fault: Fault & { kind: 'faulty' }): StoreError {
  if (fault.code === 'unknownVersion') return unknownVersion(version);
  return new StoreError(fault.code, `Version ${version} cannot serve: ${fault.why}. Nothing was changed.`, { version });
}
