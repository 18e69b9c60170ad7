// Files too large for memory, as a capability; the real one is server/host/byteFiles.ts.

export interface ByteFiles {
  /** Lower-case hexadecimal SHA-256 of the whole file. */
  sha256(path: string): Promise<string>;
  /** Appends the chunks as they come; what arrived before an error stays. */
  append(path: string, chunks: AsyncIterable<Uint8Array>, onBytes?: (bytes: number) => void): Promise<void>;
}
