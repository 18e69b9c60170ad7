// Reading and replacing branch files. A damaged one is set aside and rebuilt from the manifests of the branch's versions.
import type { BranchCreation, BranchRecord, Line, Move } from './branchRecord.ts';
import { emptyLine } from './branchRecord.ts';
import { listManifests } from './listManifests.ts';
import { branchFileName } from './paths.ts';
import { branchRecordSchema } from './schemas.ts';
import { setAside } from './setAside.ts';
import { isMissing, writing, type StoreAccess } from './storeAccess.ts';

/** Undefined: nothing has been recorded about this branch. Call it under the write lock where the answer leads to a write. */
export async function readBranch(access: StoreAccess, branch: string): Promise<BranchRecord | undefined> {
  return readBranchFile(access, branchFileName(branch), branch);
}

/** All branches with a readable record, sorted by name. */
export async function readBranches(access: StoreAccess): Promise<BranchRecord[]> {
  let names: string[];
  try {
    names = await access.files.list(access.layout.branches);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const records: BranchRecord[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const record = await readBranchFile(access, name, undefined);
    if (record) records.push(record);
  }
  return records.sort((a, b) => (a.branch < b.branch ? -1 : 1));
}

/** The commit point of every move: readers see the record before or after it, whole. */
export async function replaceBranch(access: StoreAccess, record: BranchRecord): Promise<void> {
  await writing(`the record of branch "${record.branch}"`, async () => {
    await access.files.makeFolder(access.layout.branches);
    await access.files.replace(`${access.layout.branches}/${branchFileName(record.branch)}`, `${JSON.stringify(record, null, 2)}\n`);
  });
}

export function lineOf(record: BranchRecord | undefined, modelHash: string): Line {
  return record?.lines[modelHash] ?? emptyLine;
}

/** The record after a move of one line. */
export function withMove(
  record: BranchRecord,
  modelHash: string,
  change: { readonly line: Omit<Line, 'history'>; readonly move: Omit<Move, 'from' | 'to' | 'head'> },
): BranchRecord {
  const old = lineOf(record, modelHash);
  const move: Move = { ...change.move, from: old.active, to: change.line.active, head: change.line.learntUpTo };
  // The spread keeps fields that a newer Graft put there.
  return { ...record, lines: { ...record.lines, [modelHash]: { ...old, ...change.line, history: [...old.history, move] } } };
}

export function newBranchRecord(branch: string, creation: BranchCreation): BranchRecord {
  return { format: 1, branch, creation, lines: {} };
}

async function readBranchFile(access: StoreAccess, name: string, branch: string | undefined): Promise<BranchRecord | undefined> {
  const path = `${access.layout.branches}/${name}`;
  let text: string;
  try {
    text = await access.files.readText(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const record = parseRecord(text);
  if (record && (branch === undefined || record.branch === branch)) return record;
  // Listing branches has no name to rebuild from; the next use of the branch itself will.
  if (branch === undefined) return undefined;
  await setAside(access, path, `branch-${name}`, 'This branch file could not be read; it was rebuilt from the versions of the branch.');
  const rebuilt = await rebuild(access, branch);
  await replaceBranch(access, rebuilt);
  return rebuilt;
}

function parseRecord(text: string): BranchRecord | undefined {
  try {
    const parsed = branchRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The newest promoted version of the branch per base model serves again; moves that only the old file knew are lost. */
async function rebuild(access: StoreAccess, branch: string): Promise<BranchRecord> {
  const manifests = await listManifests(access);
  const parents = new Map(manifests.map((manifest) => [manifest.id, manifest.parent]));
  const depth = (id: string | null): number => (id === null ? 0 : 1 + depth(parents.get(id) ?? null));
  const promoted = manifests
    .filter((manifest) => manifest.branch === branch && manifest.verdict.kind === 'promoted' && !manifest.thinned)
    .sort((a, b) => a.createdMs - b.createdMs || depth(a.id) - depth(b.id));
  let record = newBranchRecord(branch, { commit: null, timeSeconds: null });
  for (const manifest of promoted) {
    record = withMove(record, manifest.model.hash, {
      line: { active: manifest.id, parent: manifest.parent, learntUpTo: manifest.head },
      move: { kind: 'promote', atMs: manifest.createdMs, commits: manifest.commits, reason: 'rebuilt from the versions on disk' },
    });
  }
  return record;
}
