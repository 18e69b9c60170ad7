// One writer at a time, across processes. The real lock lives in `host`; a holder that was killed loses it after a while.

export interface HeldLock {
  /** Aborts when the lock was taken away (this process slept or hung past the stale limit): write nothing more. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface FileLock {
  /** The lock on `path` (which need not exist; its folder must), or undefined when another holder kept it for `waitMs`. */
  acquire(path: string, options: { readonly waitMs: number; readonly signal?: AbortSignal }): Promise<HeldLock | undefined>;
}
