// Large files in streams: hashing and appending without holding them in memory.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export const byteFiles = {
  async sha256(path: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  },

  async append(path: string, chunks: AsyncIterable<Uint8Array>, onBytes?: (bytes: number) => void): Promise<void> {
    const file = await open(path, 'a');
    try {
      for await (const chunk of chunks) {
        await file.writeFile(chunk);
        onBytes?.(chunk.length);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  },
};
