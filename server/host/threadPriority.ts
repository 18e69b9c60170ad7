// Lowers the priority of the calling thread alone, where the system can: on Linux a thread has a niceness of its own, and children that
// it starts inherit it. Elsewhere nothing happens.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

export function lowerThreadPriority(niceness: number): void {
  try {
    // A synchronous call runs on this thread, so the link names it: `<pid>/task/<tid>`.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (Number.isInteger(thread) && thread > 0) setPriority(thread, niceness);
  } catch {
    // No such link or not allowed: the thread runs at the usual priority.
  }
}
