// Access to files that do not fit into one buffer (model weights): ranges in, streams out. The real one lives in `host`.

export interface LargeFiles {
  /** Size of the file that `path` leads to, links followed; undefined where there is none. */
  sizeBytes(path: string): Promise<number | undefined>;
  /** Exactly `lengthBytes` bytes; rejects where the file ends earlier. */
  readRange(path: string, startBytes: number, lengthBytes: number): Promise<Uint8Array>;
  /** Writes beside, syncs, renames over: readers see no file, the old one or the whole new one. Makes the folder. */
  replaceStreamed(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** The absolute path without links. */
  realPath(path: string): Promise<string>;
}
