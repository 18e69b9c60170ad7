// How much memory a process holds now, mapped files included, as task managers count it: read of /proc where there is one, else asked of `ps`.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Null: the system does not say, or the process has ended. */
export async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  const kilobytes = status === null ? await askPs(pid) : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

function askPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 2_000 }, (error, out) => resolve(error === null && /^\s*\d+\s*$/.test(out) ? out.trim() : undefined));
  });
}
