// What self-edits are made from: one commit (or coalesced range) and the tree after it, as values.
import type { Change, FileVersions } from '../syntax/declaration.ts';
import type { KeptOut } from './keptOut.ts';

export interface CommitMaterial {
  readonly repository: string;
  readonly commit: string;
  readonly changes: readonly Change[];
  /** The changed files, both sides; those that `filters` left out are not here. */
  readonly versions: readonly FileVersions[];
  /** Text after the commit of every source file that may be learnt from, by path: where callers and imported names are looked up. */
  readonly files: ReadonlyMap<string, string>;
  /** The probes and spans that measure, of this commit and of older ones; held-out declarations need not be listed. */
  readonly keptOut: KeptOut;
}
