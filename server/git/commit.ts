// Commits, diffs and trees as values.

export interface Commit {
  /** Full hexadecimal object name. */
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** When it was written (author date), seconds since the epoch. */
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
  /** '100644', '100755' or '120000' (link); submodules are left out. */
  readonly mode: string;
  readonly sizeBytes: number;
}

export interface Branch {
  /** Short name, `main`. */
  readonly name: string;
  readonly head: string;
}

/** What a blob holds. Only `text` was read whole. */
export type BlobContent =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly sizeBytes: number;
      /** The bytes were not UTF-8: what could not be decoded is U+FFFD, and writing the text back would damage the file. */
      readonly lossy: boolean;
    }
  | { readonly kind: 'binary'; readonly sizeBytes: number }
  | { readonly kind: 'tooLarge'; readonly sizeBytes: number }
  /** Not in the object store: a partial or damaged clone. */
  | { readonly kind: 'missing' };

/** What has happened on a branch since a commit. `commits` run from oldest to newest and end at the head. */
export type CommitRange =
  | { readonly kind: 'upToDate' }
  | {
      readonly kind: 'forward';
      /** What the first commit is compared with; null: nothing was learnt before. */
      readonly base: string | null;
      readonly commits: readonly Commit[];
      /** True when `limit` or a shallow clone's edge cut the range short; older commits are missing. */
      readonly truncated: boolean;
    }
  | {
      /** The last learnt commit is no longer in the branch's history. */
      readonly kind: 'rewritten';
      /** Best common ancestor; null where the histories share none or the old commit is gone. */
      readonly base: string | null;
      /** Commits whose patch was not learnt before. */
      readonly commits: readonly Commit[];
      /** Commits with the patch-id of one that was learnt; `before` null: only its patch-id is known any more. */
      readonly matched: readonly { readonly before: string | null; readonly after: string }[];
      readonly truncated: boolean;
    };

/** Why nothing is learnt right now, or that HEAD may be read. */
export type RepositoryState =
  | { readonly kind: 'onBranch'; readonly branch: string; readonly head: string }
  | { readonly kind: 'noCommits'; readonly branch: string }
  | { readonly kind: 'detached'; readonly head: string }
  | { readonly kind: 'busy'; readonly operation: 'rebase' | 'merge' | 'cherryPick' | 'revert' | 'bisect' };
