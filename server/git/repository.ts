// A repository as the rest of Graft sees it: values in, values out. `openRepository` (openRepository.ts) makes one.
// Nothing here runs code from the repository: no hook, filter, text conversion, external diff or fsmonitor.
import type { FileVersions } from '../base/fileVersions.ts';
import type { BranchCreation } from './branchCreation.ts';
import type { BlobContent, Branch, Commit, CommitRange, FileDiff, RepositoryState, TreeEntry } from './commit.ts';

export interface LogOptions {
  /** Newest commit: an object name or a full ref. */
  readonly to: string;
  /** Commits reachable from these are left out. */
  readonly except?: readonly string[];
  /** Follow only the first parent, so that a merge counts as one commit. Default false. */
  readonly firstParent?: boolean;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface Repository {
  /** Of this worktree. */
  readonly gitDir: string;
  /** Shared by all worktrees: where Graft keeps its state. */
  readonly commonDir: string;
  /** Root of the working tree; null in a bare repository. */
  readonly workTree: string | null;
  /** The last part of the folder's name; stands in prompts. */
  readonly name: string;

  state(): Promise<RepositoryState>;
  isShallow(): Promise<boolean>;
  /** The commit a revision (object name, branch, `HEAD~2`) names, or null. */
  commit(revision: string): Promise<Commit | null>;
  /** Newest first. */
  log(options: LogOptions): Promise<Commit[]>;
  /**
   * What `head` has that `lastLearnt` had not, first parents only, oldest first, at most the newest `limit` (default 1,000).
   * `lastLearnt` may be unknown by now, history is rewritten and pruned: then `learntPatches` says which patches were learnt.
   */
  rangeSince(lastLearnt: string | null, head: string, options?: { readonly limit?: number; readonly learntPatches?: ReadonlySet<string> }): Promise<CommitRange>;
  mergeBase(a: string, b: string): Promise<string | null>;
  isAncestor(options: { readonly ancestor: string; readonly descendant: string }): Promise<boolean>;
  branches(): Promise<Branch[]>;
  /** When the branch that has this name now was made; null where the reflog does not say. */
  branchCreation(branch: string): Promise<BranchCreation | null>;
  /** Renames detected. `before` null is the empty tree. Submodules are left out; links have null blobs. */
  diff(before: string | null, after: string): Promise<FileDiff[]>;
  /** The commit against its first parent (the empty tree for a root commit). */
  diffOf(commit: Commit): Promise<FileDiff[]>;
  /** Every id gets an entry. Blobs over `limitBytes` (default 1 MiB) are never read. */
  readBlobs(ids: readonly string[], options?: { readonly limitBytes?: number }): Promise<Map<string, BlobContent>>;
  /** Both sides of each difference that can be read as text; the others with the reason. */
  readVersions(diffs: readonly FileDiff[], options?: { readonly limitBytes?: number }): Promise<ReadVersions>;
  readTree(commit: string): Promise<TreeEntry[]>;
  /** Text files of a commit, by path. */
  readFiles(commit: string, paths: readonly string[], options?: { readonly limitBytes?: number }): Promise<Map<string, BlobContent>>;
  /** Equal for commits with the same patch whatever their parents; null for merges and empty commits. */
  patchIds(commits: readonly string[]): Promise<Map<string, string | null>>;
  /** Writes the commit's tree into an existing empty folder. No `.git`, no filters, no hooks; submodules are empty folders. */
  materialise(commit: string, folder: string): Promise<void>;
}

export interface ReadVersions {
  readonly versions: readonly FileVersions[];
  readonly unreadable: readonly { readonly path: string; readonly reason: 'binary' | 'tooLarge' | 'missing' | 'link' | 'invalidText' }[];
}
