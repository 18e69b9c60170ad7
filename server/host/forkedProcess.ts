// Real child Node processes with a message channel ('advanced' serialization: typed arrays are copied, not spelt out).
// The child sees 'disconnect' when we die, however we die, and is expected to exit then.
import { fork } from 'node:child_process';
import type { ForkedProcess, ForkOptions, ProcessExit } from '../base/forkedProcess.ts';

const keptErrorCharacters = 8_000;

export function forkProcess(options: ForkOptions): ForkedProcess {
  const child = fork(options.modulePath, [...(options.args ?? [])], {
    execArgv: [...(options.execArgv ?? [])],
    env: { ...options.env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });

  let lastErrors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastErrors = (lastErrors + text).slice(-keptErrorCharacters);
  });

  const listeners: ((exit: ProcessExit) => void)[] = [];
  let exit: ProcessExit | undefined;
  const finish = (status: number | null, signal: string | null): void => {
    if (exit) return;
    exit = { status, signal, lastErrors };
    for (const listener of listeners) listener(exit);
  };
  child.on('error', (error) => {
    lastErrors += error.message;
    if (child.pid === undefined) finish(null, null);
  });
  // 'close' rather than 'exit': only then has all of standard error been read.
  child.on('close', finish);

  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => void child.on('message', (message: unknown) => listener(message)),
    onExit(listener) {
      if (exit) listener(exit);
      else listeners.push(listener);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
