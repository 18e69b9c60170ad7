// `LargeFiles` over a map, which counts its writes. Paths are absolute; folders need not exist.
import type { LargeFiles } from '../../server/base/largeFiles.ts';

export class CountedLargeFiles implements LargeFiles {
  writes = 0;
  constructor(readonly contents: Map<string, Uint8Array> = new Map()) {}

  async sizeBytes(path: string): Promise<number | undefined> {
    return this.contents.get(path)?.length;
  }

  async readRange(path: string, startBytes: number, lengthBytes: number): Promise<Uint8Array> {
    const bytes = this.contents.get(path);
    if (bytes === undefined || startBytes + lengthBytes > bytes.length) throw new Error(`${path} has no bytes ${startBytes} to ${startBytes + lengthBytes}`);
    return bytes.slice(startBytes, startBytes + lengthBytes);
  }

  async replaceStreamed(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const parts: number[] = [];
    for await (const chunk of chunks) parts.push(...chunk);
    this.contents.set(path, Uint8Array.from(parts));
    this.writes += 1;
  }

  async realPath(path: string): Promise<string> {
    return path;
  }
}
