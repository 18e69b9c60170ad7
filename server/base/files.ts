// The file system as a capability: the one in `host` is real, the one in test/support can fail at the n-th operation.

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Absolute paths. Missing files reject with an error whose `code` is 'ENOENT', as Node's do. */
export interface Files {
  read(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  /** Writes the whole file and syncs it; not atomic (see `replace`). Creates no folders. */
  write(path: string, data: Uint8Array | string): Promise<void>;
  /** Writes beside, syncs file and folder, renames over: readers see the old or the new file, whole. */
  replace(path: string, data: Uint8Array | string): Promise<void>;
  /** Appends and syncs; a crash can tear the last line. */
  append(path: string, data: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Names (not paths) of the entries, sorted. */
  list(path: string): Promise<string[]>;
  stat(path: string): Promise<FileStat | undefined>;
  syncFolder(path: string): Promise<void>;
  copyFolder(from: string, to: string): Promise<void>;
}
