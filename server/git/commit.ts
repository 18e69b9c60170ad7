// Commits, diffs and trees as values.

export interface Commit {
  /** Full hexadecimal object name. */
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** Seconds since the epoch. */
  readonly timeSeconds: number;
  readonly subject: string;
}

export interface FileDiff {
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'typeChanged';
  readonly path: string;
  readonly oldPath: string;
  /** Blob object names; null where there is no file (or it is a submodule or link). */
  readonly beforeBlob: string | null;
  readonly afterBlob: string | null;
}

export interface TreeEntry {
  readonly path: string;
  readonly blob: string;
  readonly mode: string;
  readonly sizeBytes: number;
}

/** Why nothing is learnt right now, or that HEAD may be read. */
export type RepositoryState =
  | { readonly kind: 'onBranch'; readonly branch: string; readonly head: string }
  | { readonly kind: 'noCommits'; readonly branch: string }
  | { readonly kind: 'detached'; readonly head: string }
  | { readonly kind: 'busy'; readonly operation: 'rebase' | 'merge' | 'cherryPick' | 'revert' | 'bisect' };
