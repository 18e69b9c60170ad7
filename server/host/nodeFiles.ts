// The real file system. Writes sync before they return: the version store relies on the order of its operations on disk.
import { cp, mkdir, open, readdir, readFile, rename, rm, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Files, FileStat } from '../base/files.ts';

export const nodeFiles: Files = {
  read: (path) => readFile(path),
  readText: (path) => readFile(path, 'utf8'),
  write: (path, data) => writeSynced(path, data, 'w'),
  async replace(path, data) {
    const beside = `${path}.${process.pid}.${temporaryCount++}.tmp`;
    try {
      await writeSynced(beside, data, 'wx');
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  },
  append: (path, data) => writeSynced(path, data, 'a'),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true }),
  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },
  list: async (path) => (await readdir(path)).sort(),
  async stat(path): Promise<FileStat | undefined> {
    try {
      const stats = await lstat(path);
      const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
      return { kind, sizeBytes: stats.size, modifiedMs: stats.mtimeMs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  syncFolder,
  copyFolder: (from, to) => cp(from, to, { recursive: true, verbatimSymlinks: true }),
};

let temporaryCount = 0;

async function writeSynced(path: string, data: Uint8Array | string, flag: 'w' | 'wx' | 'a'): Promise<void> {
  const handle = await open(path, flag);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; its rename is durable without it.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
