// The client's handles, and what each is in the running process. Invariant: a handle keeps its meaning for the client's
// whole life, so one that a crash took away answers 'adapterLost' and never names another adapter.
import { clientError, type EngineError } from './errors.ts';

interface AdapterRecord {
  /** Undefined: not in the running process. */
  engineHandle: string | undefined;
  /** A folder that holds the same weights. */
  folder: string | undefined;
}

export class AdapterRecords {
  private readonly records = new Map<string, AdapterRecord>();
  private count = 0;

  add(engineHandle: string, folder: string | undefined): string {
    const handle = `a${++this.count}`;
    this.records.set(handle, { engineHandle, folder });
    return handle;
  }

  savedTo(handle: string, folder: string): void {
    const record = this.records.get(handle);
    if (record) record.folder ??= folder;
  }

  engineHandle(handle: string): string {
    const record = this.records.get(handle);
    if (!record) throw unknown(handle);
    if (record.engineHandle === undefined) {
      throw clientError('adapterLost', 'This adapter was lost when the engine process ended, before it was saved. Train it again.', {
        adapter: handle,
      });
    }
    return record.engineHandle;
  }

  engineHandleOrBase(handle: string | null): string | null {
    return handle === null ? null : this.engineHandle(handle);
  }

  /** The handle in the running process, where it is there. */
  remove(handle: string): string | undefined {
    const record = this.records.get(handle);
    if (!record) throw unknown(handle);
    this.records.delete(handle);
    return record.engineHandle;
  }

  /** Returns the handles that no folder can bring back. */
  engineDied(): string[] {
    const lost: string[] = [];
    for (const [handle, record] of this.records) {
      if (record.folder === undefined && record.engineHandle !== undefined) lost.push(handle);
      record.engineHandle = undefined;
    }
    return lost;
  }

  /** A folder that has gone or is damaged by now costs its adapter, not the restart. */
  async reload(load: (folder: string) => Promise<string>): Promise<void> {
    for (const record of this.records.values()) {
      if (record.folder === undefined) continue;
      record.engineHandle = await load(record.folder).catch((error: EngineError) => {
        if (error.code === 'engineCrashed') throw error;
        return undefined;
      });
    }
  }
}

function unknown(handle: string): EngineError {
  return clientError('unknownAdapter', `There is no adapter ${handle}: it was released before.`, { adapter: handle });
}
