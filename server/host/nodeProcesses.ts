// Real child processes, each in a process group of its own, so that a kill reaches its children too.
import { spawn } from 'node:child_process';
import { Cancelled } from '../base/cancellation.ts';
import type { Processes, RunOptions, RunResult } from '../base/processes.ts';

export const nodeProcesses: Processes = { run };

function run(options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(new Cancelled());
    const startedMs = performance.now();
    const child = spawn(options.command, [...options.args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });

    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let outputBytes = 0;
    let ending: RunResult['outcome'] | 'cancelled' | undefined;

    const stop = (why: RunResult['outcome'] | 'cancelled') => {
      ending ??= why;
      killGroup(child.pid);
    };
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (options.outputLimitBytes !== undefined && outputBytes > options.outputLimitBytes) return stop('tooMuchOutput');
      into.push(chunk);
    };
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));

    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => stop('timedOut'), options.timeoutMs);
    const onAbort = () => stop('cancelled');
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const finish = (outcome: RunResult['outcome'], status: number) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      if (ending === 'cancelled') return reject(new Cancelled());
      resolve({
        outcome: ending ?? outcome,
        status: ending === undefined ? status : -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
        durationMs: performance.now() - startedMs,
      });
    };
    child.on('error', () => finish('notFound', -1));
    child.on('close', (code) => (code === null ? finish('killed', -1) : finish('exited', code)));

    // A child that exits without reading its input closes the pipe under us: that is its right.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
