// Large-file access over the file system in memory.
import type { LargeFiles } from '../../server/base/largeFiles.ts';
import type { MemoryFiles } from './memoryFiles.ts';

export function memoryLargeFiles(files: MemoryFiles): LargeFiles {
  return {
    sizeBytes: async (path) => (await files.stat(path))?.sizeBytes,
    readRange: async (path, startBytes, lengthBytes) => (await files.read(path)).subarray(startBytes, startBytes + lengthBytes),
    async replaceStreamed(path, chunks) {
      const all: number[] = [];
      for await (const chunk of chunks) all.push(...chunk);
      await files.replace(path, Uint8Array.from(all));
    },
    realPath: async (path) => path,
  };
}
