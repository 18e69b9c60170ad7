// `Repository` over the git command line. Every command gets the git directory by name and runs inside it, so that neither the
// working tree's attributes nor its files are ever read.
import type { Files } from '../base/files.ts';
import { decodeBlob, readBlobBytes } from './blobs.ts';
import { readBranchCreation } from './branchCreation.ts';
import type { BranchCreation } from './branchCreation.ts';
import type { BlobContent, Branch, Commit, CommitRange, FileDiff, RepositoryState, TreeEntry } from './commit.ts';
import { diffArguments, parseRawDiff } from './diff.ts';
import { GitError } from './errors.ts';
import type { AskGit, GitCommand } from './gitCommand.ts';
import { logFormat, parseLog } from './log.ts';
import { materialiseTree } from './materialise.ts';
import { patchIdsOf } from './patchIds.ts';
import { rangeSince } from './range.ts';
import { readVersions } from './readVersions.ts';
import type { LogOptions, ReadVersions, Repository } from './repository.ts';
import { busyWith } from './state.ts';
import { parseTree } from './tree.ts';

interface Location {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string | null;
  readonly objectFormat: string;
}

interface Tools {
  readonly command: GitCommand;
  readonly files: Files;
  readonly temporaryFolder: string;
}

const defaultBlobLimitBytes = 1024 * 1024;

export class GitRepository implements Repository {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string | null;
  readonly name: string;
  private readonly ask: AskGit;

  constructor(
    private readonly location: Location,
    private readonly tools: Tools,
  ) {
    this.gitDir = location.gitDir;
    this.commonDir = location.commonDir;
    this.workTree = location.workTree;
    this.name = nameOf(location);
    this.ask = (args, more) => tools.command.run({ ...more, args, cwd: location.gitDir, gitDir: location.gitDir });
  }

  async state(): Promise<RepositoryState> {
    const operation = await busyWith(this.tools.files, this.gitDir);
    if (operation !== null) return { kind: 'busy', operation };
    const [symbolic, head] = await Promise.all([
      this.ask(['symbolic-ref', '--quiet', 'HEAD'], { expectedStatuses: [0, 1] }),
      this.resolve('HEAD'),
    ]);
    const branch = textOf(symbolic.stdout).trimEnd().replace(/^refs\/heads\//, '');
    if (branch === '') return { kind: 'detached', head: head ?? '' };
    return head === null ? { kind: 'noCommits', branch } : { kind: 'onBranch', branch, head };
  }

  async isShallow(): Promise<boolean> {
    return (await this.tools.files.stat(`${this.commonDir}/shallow`)) !== undefined;
  }

  async commit(revision: string): Promise<Commit | null> {
    const id = await this.resolve(revision);
    return id === null ? null : ((await this.log({ to: id, limit: 1 }))[0] ?? null);
  }

  async log({ to, except = [], firstParent = false, limit, signal }: LogOptions): Promise<Commit[]> {
    const args = [
      'log',
      '-z',
      `--format=${logFormat}`,
      '--no-show-signature',
      '--no-notes',
      '--no-color',
      '--no-decorate',
      ...(firstParent ? ['--first-parent'] : []),
      ...(limit === undefined ? [] : [`--max-count=${limit}`]),
      '--end-of-options',
      to,
      ...except.map((revision) => `^${revision}`),
      '--',
    ];
    return parseLog((await this.ask(args, signal === undefined ? {} : { signal })).stdout);
  }

  rangeSince(lastLearnt: string | null, head: string, { limit = 1_000, learntPatches = new Set() }: { readonly limit?: number; readonly learntPatches?: ReadonlySet<string> } = {}): Promise<CommitRange> {
    return rangeSince(this, { lastLearnt, head, limit, learntPatches });
  }

  async mergeBase(a: string, b: string): Promise<string | null> {
    const { status, stdout } = await this.ask(['merge-base', '--end-of-options', a, b], { expectedStatuses: [0, 1] });
    return status === 0 ? textOf(stdout).trim() : null;
  }

  async isAncestor({ ancestor, descendant }: { readonly ancestor: string; readonly descendant: string }): Promise<boolean> {
    const args = ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant];
    return (await this.ask(args, { expectedStatuses: [0, 1] })).status === 0;
  }

  async branches(): Promise<Branch[]> {
    const { stdout } = await this.ask(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/']);
    return textOf(stdout)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ name: line.slice(line.indexOf(' ') + 1).replace(/^refs\/heads\//, ''), head: line.slice(0, line.indexOf(' ')) }));
  }

  branchCreation(branch: string): Promise<BranchCreation | null> {
    return readBranchCreation(this.tools.files, this.commonDir, branch);
  }

  async diff(before: string | null, after: string): Promise<FileDiff[]> {
    const { stdout } = await this.ask(['diff-tree', ...diffArguments, '--end-of-options', before ?? (await this.emptyTree()), after]);
    return parseRawDiff(stdout);
  }

  diffOf(commit: Commit): Promise<FileDiff[]> {
    return this.diff(commit.parents[0] ?? null, commit.id);
  }

  async readBlobs(
    ids: readonly string[],
    { limitBytes = defaultBlobLimitBytes }: { readonly limitBytes?: number } = {},
  ): Promise<Map<string, BlobContent>> {
    const read = await readBlobBytes(this.ask, ids, limitBytes);
    return new Map([...read].map(([id, blob]) => [id, blob.kind === 'bytes' ? decodeBlob(blob.bytes) : blob]));
  }

  readVersions(diffs: readonly FileDiff[], options: { readonly limitBytes?: number } = {}): Promise<ReadVersions> {
    return readVersions(diffs, (ids) => this.readBlobs(ids, options));
  }

  async readTree(commit: string): Promise<TreeEntry[]> {
    return parseTree((await this.ask(['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', commit])).stdout);
  }

  async readFiles(commit: string, paths: readonly string[], options: { readonly limitBytes?: number } = {}): Promise<Map<string, BlobContent>> {
    const wanted = new Set(paths);
    const entries = (await this.readTree(commit)).filter(({ path, mode }) => wanted.has(path) && mode !== '120000');
    const blobs = await this.readBlobs(entries.map(({ blob }) => blob), options);
    return new Map(entries.map(({ path, blob }) => [path, blobs.get(blob) ?? { kind: 'missing' }]));
  }

  patchIds(commits: readonly string[]): Promise<Map<string, string | null>> {
    return patchIdsOf(this.ask, commits);
  }

  async materialise(commit: string, folder: string): Promise<void> {
    const tree = await this.resolve(commit, 'tree');
    if (tree === null) throw new GitError('unknownRevision', `There is no commit ${commit}.`, { commit });
    await materialiseTree({ tree, folder, commonDir: this.commonDir, objectFormat: this.location.objectFormat, ...this.tools });
  }

  /** The object name, or null. Names that look like options are no revisions. */
  private async resolve(revision: string, type: 'commit' | 'tree' = 'commit'): Promise<string | null> {
    if (revision.startsWith('-') || revision === '') return null;
    const args = ['rev-parse', '--quiet', '--verify', `${revision}^{${type}}`];
    const { status, stdout } = await this.ask(args, { expectedStatuses: [0, 1, 128] });
    return status === 0 ? textOf(stdout).trim() : null;
  }

  private async emptyTree(): Promise<string> {
    return textOf((await this.ask(['hash-object', '-t', 'tree', '--stdin'], { input: '' })).stdout).trim();
  }
}

function nameOf({ workTree, commonDir }: Location): string {
  const path = workTree ?? commonDir.replace(/\/?\.git$/, '');
  return path.split(/[\\/]/).filter((part) => part !== '').at(-1) ?? 'repository';
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
