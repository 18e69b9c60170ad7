// SHA-256 of a file of any size.
import { createHash } from 'node:crypto';
import type { LargeFiles } from '../base/largeFiles.ts';

const chunkBytes = 8 << 20;

/** Lower-case hexadecimal. Links are followed. */
export async function hashFile(files: Pick<LargeFiles, 'sizeBytes' | 'readRange'>, path: string): Promise<string> {
  const sizeBytes = (await files.sizeBytes(path)) ?? 0;
  const hash = createHash('sha256');
  for (let start = 0; start < sizeBytes; start += chunkBytes) hash.update(await files.readRange(path, start, Math.min(chunkBytes, sizeBytes - start)));
  return hash.digest('hex');
}
