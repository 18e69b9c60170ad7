// A commit's files from `git ls-tree -r -z -l`.
import type { TreeEntry } from './commit.ts';

/** `mode type id size TAB path NUL`; submodules are left out. */
export function parseTree(output: Uint8Array): TreeEntry[] {
  return new TextDecoder()
    .decode(output)
    .split('\0')
    .flatMap((line) => {
      const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
      if (match === null || match[2] !== 'blob') return [];
      return [{ mode: String(match[1]), blob: String(match[3]), sizeBytes: Number(match[4]) || 0, path: String(match[5]) }];
    });
}
