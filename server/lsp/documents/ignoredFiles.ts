// Which files get no completions: those that the user's setting, a .gitignore or a .graftignore names. Ignore files are read when they are
// first needed and again after a while, in the background.
import type { Clock } from '../../base/clock.ts';
import type { Files } from '../../base/files.ts';
import { ignoreRules, type IgnoreFile } from '../../filters/ignoreRules.ts';

const names = ['.gitignore', '.graftignore'] as const;
const staleMs = 10_000;

export class IgnoredFiles {
  private readonly known = new Map<string, { readonly files: readonly IgnoreFile[]; readonly readMs: number }>();

  constructor(private readonly parts: { readonly files: Files; readonly clock: Clock }) {}

  /** `path` lies below `folder`, with forward slashes. */
  async isIgnored(folder: string, path: string, own: readonly string[]): Promise<boolean> {
    if (folder === '') return false;
    const parts = path.split('/').slice(0, -1);
    const folders = ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)];
    const files = (await Promise.all(folders.map((each) => this.ignoreFilesOf(folder, each)))).flat();
    const rules = ignoreRules(own.length === 0 ? files : [...files, { path: '.graftignore', text: own.join('\n') }]);
    return rules(path) !== null;
  }

  private async ignoreFilesOf(root: string, folder: string): Promise<readonly IgnoreFile[]> {
    const key = `${root}/${folder}`;
    const known = this.known.get(key);
    if (known === undefined) return this.read(key, folder);
    if (this.parts.clock.monotonicMs() - known.readMs > staleMs) void this.read(key, folder);
    return known.files;
  }

  private async read(key: string, folder: string): Promise<readonly IgnoreFile[]> {
    const read = await Promise.all(
      names.map(async (name) => ({ path: `${folder}${name}`, text: await this.parts.files.readText(`${key}${name}`).catch(() => null) })),
    );
    const files = read.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
    this.known.set(key, { files, readMs: this.parts.clock.monotonicMs() });
    return files;
  }
}
