// From a range of commits to what may be learnt of it: the changed files that pass every filter, their changes by syntax, and the tree
// around them. What is left out is listed with its reason; what is cut short is noted.
import { present } from '../base/assert.ts';
import { throwIfCancelled } from '../base/cancellation.ts';
import type { FileVersions } from '../base/fileVersions.ts';
import type { BlobContent, Commit, FileDiff, TreeEntry } from '../git/commit.ts';
import type { Repository } from '../git/repository.ts';
import { createFilters, type AuthorPolicy, type Filters } from '../filters/filters.ts';
import { isIgnoreFile, type IgnoreFile } from '../filters/ignoreRules.ts';
import type { ScoredItem } from '../reward/denseGain.ts';
import type { SelfEditTools } from '../selfEdit/parsedTree.ts';
import { fimPrompt } from '../syntax/promptContext.ts';
import type { ChangeSource, Extracted, LearningRange, LeftOut } from './collaborators.ts';
import { learning } from './constants.ts';

export interface GitChangeSourceOptions {
  readonly repository: Repository;
  readonly tools: SelfEditTools;
  readonly authors: AuthorPolicy;
  /** The user's own patterns of files that may not teach, as in a .gitignore. */
  readonly ignore?: readonly string[];
  /** Which of the files that a grammar reads may teach; default all. */
  readonly learns?: (path: string) => boolean;
  /** Commits that were forgotten: they never teach again. */
  readonly forgotten?: () => Promise<ReadonlySet<string>>;
}

type Material = Extracted['material'];

export class GitChangeSource implements ChangeSource {
  /** By blob and path: files of the tree hardly change from cycle to cycle, and looking for secrets is the slow part. */
  private readonly mayBeShown = new Map<string, boolean>();

  constructor(private readonly options: GitChangeSourceOptions) {}

  async extract(range: LearningRange, signal?: AbortSignal): Promise<Extracted> {
    const { repository, tools } = this.options;
    const head = present(range.commits.at(-1), 'last commit').id;
    const tree = await repository.readTree(head);
    const filters = await this.filtersAt(head, tree);
    const leftOut: LeftOut[] = [];
    const refused = new Set([...(await this.refusedCommits(range.commits, filters, leftOut)), ...(range.known ?? [])]);

    throwIfCancelled(signal);
    const diffs = await this.allowedDiffs(range, head, refused, tree);
    const versions: FileVersions[] = [];
    const open = diffs.filter((diff) => {
      const refusal = filters.refusePath(diff.path);
      if (refusal) leftOut.push({ path: diff.path, reason: refusal.reason });
      return refusal === null;
    });
    const read = await repository.readVersions(open);
    for (const { path, reason } of read.unreadable) leftOut.push({ path, reason });
    for (const version of read.versions) {
      throwIfCancelled(signal);
      const reason = await refusalOf(version, filters);
      if (reason) leftOut.push({ path: version.path, reason });
      else versions.push(version);
    }

    const hidden = new Set(leftOut.map(({ path }) => path));
    for (const commit of range.commits) if (refused.has(commit.id) && !range.known?.has(commit.id)) for (const diff of await repository.diffOf(commit)) hidden.add(diff.path);
    const { files, note } = versions.length === 0 ? { files: new Map<string, string>(), note: null } : await this.treeTexts({ head, tree, filters, near: versions, hidden, signal });
    for (const { path, after } of versions) if (after !== null) files.set(path, after);
    return {
      material: { repository: repository.name, commit: head, changes: tools.syntax.changes(versions), versions, files },
      leftOut,
      notes: note === null ? [] : [note],
    };
  }

  changedLines(material: Material, limit: number): readonly ScoredItem[] {
    const places = material.versions.flatMap(({ path, before, after }) => {
      if (after === null) return [];
      const known = new Set((before ?? '').split('\n').map((line) => line.trim()));
      let start = 0;
      return after.split('\n').flatMap((line) => {
        const at = start;
        start += line.length + 1;
        const text = line.trim();
        // Brackets alone are known to everybody, and a line of prose length is not code.
        if (known.has(text) || !/[\p{L}\p{N}]{2}/u.test(text) || text.length > 200) return [];
        return [{ path, after, masked: { start: at + line.indexOf(text), end: at + line.trimEnd().length } }];
      });
    });
    const step = Math.max(1, places.length / limit);
    const sampled = Array.from({ length: Math.min(limit, places.length) }, (_, i) => present(places[Math.floor(i * step)]));
    return sampled.map(({ path, after, masked }) => ({
      id: `${path}:${masked.start}`,
      path,
      example: {
        prompt: fimPrompt({ repository: material.repository, path, text: after, masked, textOf: (other) => material.files.get(other) }, this.options.tools),
        answer: after.slice(masked.start, masked.end),
      },
    }));
  }

  /** Text of the source files of a commit that may be shown. */
  async sourceFiles(commit: string): Promise<ReadonlyMap<string, string>> {
    const tree = await this.options.repository.readTree(commit);
    const filters = await this.filtersAt(commit, tree);
    return (await this.treeTexts({ head: commit, tree, filters, near: [], hidden: new Set(), signal: undefined })).files;
  }

  private async filtersAt(head: string, tree: readonly TreeEntry[]): Promise<Filters> {
    const { tools, authors, learns } = this.options;
    return createFilters({ supports: (path) => tools.syntax.supports(path) && (learns?.(path) ?? true), ignoreFiles: await this.ignoreFiles(head, tree), authors });
  }

  private async ignoreFiles(head: string, tree: readonly TreeEntry[]): Promise<IgnoreFile[]> {
    const paths = tree.map(({ path }) => path).filter(isIgnoreFile);
    const contents = await this.options.repository.readFiles(head, paths);
    const own = this.options.ignore ?? [];
    return [
      ...[...contents].flatMap(([path, content]) => (content.kind === 'text' ? [{ path, text: content.text }] : [])),
      // After the repository's own file of that name, and with its reason.
      ...(own.length === 0 ? [] : [{ path: '.graftignore', text: own.join('\n') }]),
    ];
  }

  private async refusedCommits(commits: readonly Commit[], filters: Filters, leftOut: LeftOut[]): Promise<ReadonlySet<string>> {
    const forgotten = (await this.options.forgotten?.()) ?? new Set<string>();
    const refused = new Set<string>();
    for (const commit of commits) {
      const reason = forgotten.has(commit.id) ? 'forgotten' : filters.refuseAuthor(commit)?.reason;
      if (reason === undefined) continue;
      refused.add(commit.id);
      leftOut.push({ path: `commit ${commit.id.slice(0, 12)}`, reason });
    }
    return refused;
  }

  /** The whole range at once; where some commits may not teach, stretch by stretch, and only files as those stretches left them. */
  private async allowedDiffs(range: LearningRange, head: string, refused: ReadonlySet<string>, tree: readonly TreeEntry[]): Promise<readonly FileDiff[]> {
    const { repository } = this.options;
    if (refused.size === 0) return repository.diff(range.base, head);
    const now = new Map(tree.map(({ path, blob }) => [path, blob]));
    const byPath = new Map<string, FileDiff>();
    let base = range.base;
    let last: string | null = null;
    const close = async (): Promise<void> => {
      if (last !== null) for (const diff of await repository.diff(base, last)) if (diff.afterBlob !== null && now.get(diff.path) === diff.afterBlob) byPath.set(diff.path, diff);
      last = null;
    };
    for (const commit of range.commits) {
      if (refused.has(commit.id)) {
        await close();
        base = commit.id;
      } else {
        last = commit.id;
      }
    }
    await close();
    return [...byPath.values()];
  }

  /** Text of the source files that may be shown, those nearest to the changed ones first. */
  private async treeTexts(options: {
    readonly head: string;
    readonly tree: readonly TreeEntry[];
    readonly filters: Filters;
    readonly near: readonly FileVersions[];
    readonly hidden: ReadonlySet<string>;
    readonly signal: AbortSignal | undefined;
  }): Promise<{ files: Map<string, string>; note: string | null }> {
    const { filters, near, hidden } = options;
    const source = options.tree.filter(({ path, mode }) => mode.startsWith('100') && !hidden.has(path) && filters.refusePath(path) === null);
    const folders = near.map(({ path }) => path.split('/').slice(0, -1));
    const distance = new Map(source.map(({ path }) => [path, Math.min(treeDepth, ...folders.map((folder) => distanceOf(folder, path.split('/').slice(0, -1))))]));
    source.sort((a, b) => (distance.get(a.path) ?? 0) - (distance.get(b.path) ?? 0) || (a.path < b.path ? -1 : 1));
    let bytes = 0;
    const chosen = source.filter(({ sizeBytes }, index) => index < learning.treeFiles && (bytes += sizeBytes) <= learning.treeBytes);
    const contents = await this.options.repository.readFiles(options.head, chosen.map(({ path }) => path));
    const files = new Map<string, string>();
    for (const { path, blob } of chosen) {
      throwIfCancelled(options.signal);
      const content = contents.get(path);
      if (content && (await this.shows(path, blob, content, filters)) && content.kind === 'text') files.set(path, content.text);
    }
    const note = chosen.length < source.length ? `the ${chosen.length} source files nearest to the changes were read, of ${source.length}` : null;
    return { files, note };
  }

  private async shows(path: string, blob: string, content: BlobContent, filters: Filters): Promise<boolean> {
    const key = `${blob}:${path}`;
    const known = this.mayBeShown.get(key);
    if (known !== undefined) return known;
    const shown = content.kind === 'text' && (await filters.refuseFile({ path, content })) === null;
    this.mayBeShown.set(key, shown);
    return shown;
  }
}

/** Both sides count: what a commit took out can still be shown as the code before. */
async function refusalOf({ path, before, after }: FileVersions, filters: Filters): Promise<string | null> {
  for (const text of [after, before]) {
    if (text === null) continue;
    const refusal = await filters.refuseFile({ path, content: { kind: 'text', text, lossy: false } });
    if (refusal) return refusal.reason;
  }
  return null;
}

/** Farther than any two folders are apart. */
const treeDepth = 1_000;

/** Steps up and down between two folders. */
function distanceOf(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return a.length + b.length - 2 * shared;
}
