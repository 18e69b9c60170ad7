// Engine processes in memory: each `start` runs a service of its own over a scripted executor; `crash` ends the last one.
import type { ForkedProcess, ProcessExit } from '../../server/base/forkedProcess.ts';
import { createEngineService } from '../../server/engine/service/engineService.ts';
import { ManualClock } from './manualClock.ts';
import { scriptedExecutor, type ScriptedExecutorOptions } from './scriptedExecutor.ts';

export interface MemoryFork {
  readonly start: () => ForkedProcess;
  /** What the executors of all processes did. */
  readonly log: string[];
  starts(): number;
  crash(signal?: string): void;
}

export function createMemoryFork(options: ScriptedExecutorOptions & { readonly dieAtStart?: (start: number) => boolean } = {}): MemoryFork {
  const log: string[] = [];
  let starts = 0;
  let crash: (signal: string) => void = () => {};
  return {
    log,
    starts: () => starts,
    crash: (signal = 'SIGKILL') => crash(signal),
    start() {
      const messages: ((message: unknown) => void)[] = [];
      const exits: ((exit: ProcessExit) => void)[] = [];
      let alive = true;
      const deliver = (message: unknown): void => {
        setImmediate(() => alive && messages.forEach((listener) => listener(message)));
      };
      const end = (signal: string): void => {
        if (!alive) return;
        alive = false;
        for (const listener of exits) listener({ status: null, signal, lastErrors: 'last words' });
      };
      const service = createEngineService(scriptedExecutor(log, options), { send: deliver, clock: new ManualClock() });
      crash = end;
      starts++;
      if (options.dieAtStart?.(starts)) setImmediate(() => end('SIGABRT'));
      else deliver({ ready: true, pid: starts });
      return {
        send: (message) => void setImmediate(() => alive && service.receive(message)),
        onMessage: (listener) => void messages.push(listener),
        onExit: (listener) => void exits.push(listener),
        kill: () => void setImmediate(() => end('SIGKILL')),
      };
    },
  };
}
