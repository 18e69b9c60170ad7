// When a branch was made, from the first line of its reflog. Deleting a branch deletes its reflog, so a branch made again under
// the same name has another creation.
import type { Files } from '../base/files.ts';

export interface BranchCreation {
  readonly commit: string;
  readonly timeSeconds: number;
}

/** Null where the reflog is absent, was cut short (expired) or is not kept as a file. */
export async function readBranchCreation(files: Files, commonDir: string, branch: string): Promise<BranchCreation | null> {
  // Git allows no such name; a caller's typing mistake must not read elsewhere.
  if (branch.split('/').some((part) => part === '' || part === '.' || part === '..')) return null;
  const path = `${commonDir}/logs/refs/heads/${branch}`;
  if ((await files.stat(path))?.kind !== 'file') return null;
  const first = (await files.readText(path)).split('\n', 1)[0] ?? '';
  const match = /^0+ ([0-9a-f]+) .*> (\d+) [+-]\d+(?:\t|$)/.exec(first);
  return match === null ? null : { commit: String(match[1]), timeSeconds: Number(match[2]) };
}
