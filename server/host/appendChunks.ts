// Appends a stream to a file without holding it in memory: what a resumable download needs.
import { open } from 'node:fs/promises';

/** What arrived before an error stays in the file. */
export async function appendChunks(path: string, chunks: AsyncIterable<Uint8Array>, onBytes?: (bytes: number) => void): Promise<void> {
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
}
