// What every move of the store needs. Invariant: files under the root are written only while the write lock is held.
import type { Clock } from '../base/clock.ts';
import type { FileLock } from '../base/fileLock.ts';
import type { Files } from '../base/files.ts';
import type { Layout } from './paths.ts';
import { layoutOf } from './paths.ts';
import { StoreError } from './errors.ts';

export interface StoreAccess {
  readonly files: Files;
  readonly lock: FileLock;
  readonly clock: Clock;
  readonly layout: Layout;
}

/** How long a move waits for another process's move: longer than a killed holder's lock takes to go stale. */
const writeWaitMs = 15_000;

/** `root` is `<common git dir>/graft`; it is made on the first write. */
export function storeAccess(options: {
  readonly files: Files;
  readonly lock: FileLock;
  readonly clock: Clock;
  readonly root: string;
}): StoreAccess {
  return { files: options.files, lock: options.lock, clock: options.clock, layout: layoutOf(options.root) };
}

/** Runs one move under the write lock. Whatever the move throws, the lock is released. */
export async function whileWriting<T>(access: StoreAccess, move: (stillHeld: () => void) => Promise<T>): Promise<T> {
  await writing('the state folder', () => access.files.makeFolder(access.layout.root));
  const held = await access.lock.acquire(access.layout.writeLock, { waitMs: writeWaitMs });
  if (!held) throw new StoreError('busy', 'Another process is writing to this store. Nothing was changed; try again in a moment.');
  try {
    return await move(() => {
      if (held.lost.aborted) throw new StoreError('busy', 'The store was taken over by another process. Nothing was changed; try again.');
    });
  } finally {
    await held.release();
  }
}

/** Turns a failing file operation into a message that says what stands and what to do. */
export async function writing<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const advice = code === 'ENOSPC' ? 'The disk is full: free some space and try again.' : 'Check the disk and try again.';
    throw new StoreError('writeFailed', `Writing ${what} failed (${code}). What was there before still stands. ${advice}`, { what, cause: code }, error);
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
