// A file system in memory, with Node's error codes. Paths are absolute; folders must be made before files are put in them.
import type { Files, FileStat } from '../../server/base/files.ts';

export class MemoryFiles implements Files {
  /** By path; null is a folder. */
  readonly entries = new Map<string, Uint8Array | null>([['/', null]]);
  private readonly modifiedMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number = () => 0) {}

  async read(path: string): Promise<Uint8Array> {
    const data = this.entries.get(path);
    if (data === undefined) throw failure('ENOENT', path);
    if (data === null) throw failure('EISDIR', path);
    return data.slice();
  }

  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    const folder = parentOf(path);
    if (this.entries.get(folder) !== null) throw failure('ENOENT', path);
    if (this.entries.get(path) === null) throw failure('EISDIR', path);
    this.put(path, typeof data === 'string' ? new TextEncoder().encode(data) : data.slice());
  }

  async replace(path: string, data: Uint8Array | string): Promise<void> {
    await this.write(path, data);
  }

  async append(path: string, data: string): Promise<void> {
    const old = this.entries.get(path) ?? new Uint8Array();
    const added = new TextEncoder().encode(data);
    const joined = new Uint8Array(old.length + added.length);
    joined.set(old);
    joined.set(added, old.length);
    await this.write(path, joined);
  }

  async rename(from: string, to: string): Promise<void> {
    const moved = [...this.entries].filter(([path]) => path === from || path.startsWith(`${from}/`));
    if (moved.length === 0 || this.entries.get(parentOf(to)) !== null) throw failure('ENOENT', from);
    if (this.entries.get(from) === null && [...this.entries.keys()].some((path) => path.startsWith(`${to}/`))) throw failure('ENOTEMPTY', to);
    for (const [path] of moved) this.entries.delete(path);
    for (const [path, data] of moved) this.put(to + path.slice(from.length), data);
  }

  async remove(path: string): Promise<void> {
    for (const each of this.entries.keys()) if (each === path || each.startsWith(`${path}/`)) this.entries.delete(each);
  }

  async makeFolder(path: string): Promise<void> {
    if (path === '/' || path === '') return;
    await this.makeFolder(parentOf(path));
    if (this.entries.get(path) instanceof Uint8Array) throw failure('EEXIST', path);
    if (!this.entries.has(path)) this.put(path, null);
  }

  async list(path: string): Promise<string[]> {
    if (this.entries.get(path) !== null) throw failure('ENOENT', path);
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.entries.keys()]
      .filter((each) => each !== '/' && each.startsWith(prefix) && !each.slice(prefix.length).includes('/'))
      .map((each) => each.slice(prefix.length))
      .sort();
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const data = this.entries.get(path);
    if (data === undefined) return undefined;
    return { kind: data === null ? 'folder' : 'file', sizeBytes: data?.length ?? 0, modifiedMs: this.modifiedMs.get(path) ?? 0 };
  }

  async syncFolder(path: string): Promise<void> {
    if (this.entries.get(path) !== null) throw failure('ENOENT', path);
  }

  async copyFolder(from: string, to: string): Promise<void> {
    if (this.entries.get(from) !== null) throw failure('ENOENT', from);
    await this.makeFolder(to);
    const inside = [...this.entries].filter(([path]) => path.startsWith(`${from}/`));
    for (const [path, data] of inside) this.put(to + path.slice(from.length), data?.slice() ?? null);
  }

  private put(path: string, data: Uint8Array | null): void {
    this.entries.set(path, data);
    this.modifiedMs.set(path, this.nowMs());
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
