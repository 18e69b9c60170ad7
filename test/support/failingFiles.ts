// Files whose n-th write operation fails. Composite operations are taken apart into the steps that a real disk sees, so a failure
// can leave half a file, a file beside, or a renamed but unsynced one. Reads never count: they change nothing.
import type { Files, FileStat } from '../../server/base/files.ts';

export type Failure =
  /** The operation fails once, after half of it was done. */
  | 'ENOSPC'
  | 'EIO'
  /** It is half done and nothing works afterwards, reads included: the process is gone. */
  | 'dies';

export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

export class FailingFiles implements Files {
  /** Write operations so far. */
  operations = 0;
  private dead = false;

  constructor(
    private readonly inner: Files,
    private readonly plan: { readonly failAt: number; readonly failure: Failure },
  ) {}

  read(path: string): Promise<Uint8Array> {
    return this.alive(() => this.inner.read(path));
  }

  readText(path: string): Promise<string> {
    return this.alive(() => this.inner.readText(path));
  }

  list(path: string): Promise<string[]> {
    return this.alive(() => this.inner.list(path));
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.alive(() => this.inner.stat(path));
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    await this.step(
      () => this.inner.write(path, data),
      () => this.inner.write(path, data.slice(0, Math.floor(data.length / 2))),
    );
  }

  async replace(path: string, data: Uint8Array | string): Promise<void> {
    const beside = `${path}.1.0.tmp`;
    try {
      await this.write(beside, data);
      await this.rename(beside, path);
    } catch (error) {
      if (!this.dead) await this.inner.remove(beside);
      throw error;
    }
    await this.syncFolder(path.slice(0, path.lastIndexOf('/')));
  }

  async append(path: string, data: string): Promise<void> {
    await this.step(
      () => this.inner.append(path, data),
      () => this.inner.append(path, data.slice(0, Math.floor(data.length / 2))),
    );
  }

  async rename(from: string, to: string): Promise<void> {
    await this.step(() => this.inner.rename(from, to));
  }

  async remove(path: string): Promise<void> {
    const stat = await this.stat(path);
    if (stat === undefined) return;
    // A recursive removal can stop in the middle.
    if (stat.kind === 'folder') for (const name of await this.list(path)) await this.remove(`${path}/${name}`);
    await this.step(() => this.inner.remove(path));
  }

  async makeFolder(path: string): Promise<void> {
    if ((await this.stat(path)) !== undefined) return;
    await this.step(() => this.inner.makeFolder(path));
  }

  async syncFolder(path: string): Promise<void> {
    await this.step(() => this.inner.syncFolder(path));
  }

  async copyFolder(from: string, to: string): Promise<void> {
    await this.makeFolder(to);
    for (const name of await this.list(from)) {
      const stat = await this.stat(`${from}/${name}`);
      if (stat?.kind === 'folder') await this.copyFolder(`${from}/${name}`, `${to}/${name}`);
      else await this.write(`${to}/${name}`, await this.read(`${from}/${name}`));
    }
  }

  private async step(whole: () => Promise<void>, half?: () => Promise<void>): Promise<void> {
    if (this.dead) throw new ProcessDied();
    if (this.operations++ !== this.plan.failAt) return whole();
    if (half) await half();
    if (this.plan.failure === 'dies') {
      this.dead = true;
      throw new ProcessDied();
    }
    throw Object.assign(new Error(`${this.plan.failure}: planted`), { code: this.plan.failure });
  }

  private alive<T>(operation: () => Promise<T>): Promise<T> {
    return this.dead ? Promise.reject(new ProcessDied()) : operation();
  }
}
