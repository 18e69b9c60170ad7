// Operations that git leaves half done, by the files it keeps meanwhile. They belong to the worktree, not to the shared directory.
import type { Files } from '../base/files.ts';
import type { RepositoryState } from './commit.ts';

type Operation = Extract<RepositoryState, { kind: 'busy' }>['operation'];

/** A rebase also leaves CHERRY_PICK_HEAD at times, so it is looked for first. */
const traces: readonly (readonly [string, Operation])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherryPick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherryPick'],
  ['BISECT_LOG', 'bisect'],
];

export async function busyWith(files: Files, gitDir: string): Promise<Operation | null> {
  for (const [name, operation] of traces) if ((await files.stat(`${gitDir}/${name}`)) !== undefined) return operation;
  return null;
}

/** Names in a git directory whose change may mean that HEAD, a branch or the state moved. */
export function tellsOfMovement(name: string): boolean {
  return name === 'HEAD' || name === 'packed-refs' || traces.some(([trace]) => name === trace);
}
