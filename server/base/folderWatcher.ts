// Watching files as a capability. The real one, over fs.watch, lives in `host`.

export interface FolderWatcher {
  /**
   * Calls back on changes below a folder (deep where `recursive`), with no promise about how many calls a change makes.
   * A folder that does not exist or cannot be watched calls `onError` once and is not watched.
   */
  watch(options: {
    readonly folder: string;
    readonly recursive: boolean;
    /** Path relative to `folder`, where the platform says. */
    readonly onChange: (path: string | null) => void;
    readonly onError: (error: unknown) => void;
  }): { dispose(): void };
}
