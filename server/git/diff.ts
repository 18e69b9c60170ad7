// Differences between trees from `git diff-tree --raw -z`: names are data, so nothing is quoted and nothing is split on spaces.
import { present } from '../base/assert.ts';
import type { FileDiff } from './commit.ts';

/** `-l`: above so many candidates git looks only for exact renames. */
export const diffArguments: readonly string[] = [
  '-r',
  '-z',
  '--raw',
  '--no-abbrev',
  '-M',
  '-l1000',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=all',
];

const statuses: Readonly<Record<string, FileDiff['status']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'typeChanged',
  C: 'added',
};

/** `:mode mode id id status NUL path NUL`, with a second path for renames and copies. Undecodable names hold U+FFFD. */
export function parseRawDiff(output: Uint8Array): FileDiff[] {
  const fields = new TextDecoder().decode(output).split('\0');
  const diffs: FileDiff[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const header = present(fields[at++]);
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(header);
    // A single commit's answer begins with its own name.
    if (match === null) continue;
    const [, beforeMode, afterMode, beforeId, afterId, letter] = match.map(String);
    const oldPath = present(fields[at++]);
    const path = letter === 'R' || letter === 'C' ? present(fields[at++]) : oldPath;
    const before = blobOf(beforeMode, beforeId);
    const after = blobOf(afterMode, afterId);
    if (isSubmodule(beforeMode) && (isSubmodule(afterMode) || after === null)) continue;
    if (isSubmodule(afterMode) && before === null) continue;
    diffs.push({
      status: statuses[letter ?? ''] ?? 'modified',
      path,
      oldPath: letter === 'C' ? path : oldPath,
      beforeBlob: letter === 'C' ? null : before,
      afterBlob: after,
    });
  }
  return diffs;
}

/** Regular files only: links and submodules have no text to learn. */
function blobOf(mode: string | undefined, id: string | undefined): string | null {
  return mode !== undefined && id !== undefined && mode.startsWith('100') ? id : null;
}

function isSubmodule(mode: string | undefined): boolean {
  return mode === '160000';
}
