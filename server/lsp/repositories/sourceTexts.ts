// Texts of a repository's files as prompts may quote them, answered at once from memory: what is not there yet, or was read a while ago, is
// read in the background and there the next time. Open documents come before these.
import type { Clock } from '../../base/clock.ts';
import type { Files } from '../../base/files.ts';
import type { RepositoryState } from '../../git/commit.ts';
import type { Repository } from '../../git/repository.ts';
import { languageOf } from '../../syntax/languages.ts';

export interface SourceTextsParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly folder: string;
}

interface Known {
  readonly text: string | undefined;
  readonly readMs: number;
}

/** A file may have changed on disk since. */
const staleMs = 10_000;
const largestBytes = 512 * 1024;
const warmFiles = 1_500;
const warmBytes = 6 * 1024 * 1024;
/** Names that were asked for and are no files stay known too; beyond this many everything is read anew. */
const mostKnown = 20_000;

export class SourceTexts {
  private readonly known = new Map<string, Known>();
  private readonly reading = new Set<string>();

  constructor(private readonly parts: SourceTextsParts) {}

  /** By the path in the repository, with forward slashes. */
  textOf(path: string): string | undefined {
    const known = this.known.get(path);
    if (known === undefined || this.parts.clock.monotonicMs() - known.readMs > staleMs) void this.read(path);
    return known?.text;
  }

  /** Reads the source files that HEAD has, a few at a time. */
  async warm(repository: Repository, state: RepositoryState): Promise<void> {
    if (state.kind !== 'onBranch' && state.kind !== 'detached') return;
    let bytes = 0;
    const tree = (await repository.readTree(state.head)).filter(({ path, mode }) => mode.startsWith('100') && languageOf(path) !== null);
    const paths = tree.filter(({ sizeBytes }, index) => index < warmFiles && (bytes += sizeBytes) <= warmBytes).map(({ path }) => path);
    for (let at = 0; at < paths.length; at += 4) await Promise.all(paths.slice(at, at + 4).map((path) => this.read(path)));
  }

  private async read(path: string): Promise<void> {
    if (this.reading.has(path) || path.startsWith('/') || path.split('/').includes('..')) return;
    this.reading.add(path);
    try {
      const whole = `${this.parts.folder}/${path}`;
      const stat = await this.parts.files.stat(whole);
      const text = stat?.kind === 'file' && stat.sizeBytes <= largestBytes ? await this.parts.files.readText(whole) : undefined;
      this.keep(path, text);
    } catch {
      this.keep(path, undefined);
    } finally {
      this.reading.delete(path);
    }
  }

  private keep(path: string, text: string | undefined): void {
    if (this.known.size >= mostKnown) this.known.clear();
    this.known.set(path, { text, readMs: this.parts.clock.monotonicMs() });
  }
}
