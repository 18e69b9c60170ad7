// The real `LargeFiles`. Weights exceed the 2 GB that one read can return, so everything goes by ranges.
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LargeFiles } from '../base/largeFiles.ts';
import { nodeFiles } from './nodeFiles.ts';

export const nodeLargeFiles: LargeFiles = {
  async sizeBytes(path) {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
      throw error;
    }
  },

  async readRange(path, startBytes, lengthBytes) {
    const handle = await open(path, 'r');
    try {
      const bytes = new Uint8Array(lengthBytes);
      for (let done = 0; done < lengthBytes; ) {
        const { bytesRead } = await handle.read(bytes, done, lengthBytes - done, startBytes + done);
        if (bytesRead === 0) throw new Error(`${path} ends before byte ${startBytes + lengthBytes}`);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  },

  async replaceStreamed(path, chunks) {
    await mkdir(dirname(path), { recursive: true });
    const beside = `${path}.${process.pid}.${temporaryCount++}.tmp`;
    try {
      const handle = await open(beside, 'wx');
      try {
        for await (const chunk of chunks) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await nodeFiles.syncFolder(dirname(path));
  },

  realPath: (path) => realpath(path),
};

let temporaryCount = 0;
