// A real engine process from source, for tests: forked, with typescript loaded by tsx.
import { fileURLToPath } from 'node:url';
import type { ForkedProcess } from '../../server/base/forkedProcess.ts';
import { EngineClient, type CrashReport } from '../../server/engineClient/engineClient.ts';
import { forkProcess } from '../../server/host/forkedProcess.ts';
import { systemClock } from '../../server/host/systemClock.ts';

export interface RealEngine {
  readonly client: EngineClient;
  readonly crashes: CrashReport[];
  /** The process that runs now. */
  process(): ForkedProcess;
}

export function startRealEngine({ nice = 0, env = {} }: { readonly nice?: number; readonly env?: Readonly<Record<string, string>> } = {}): RealEngine {
  const crashes: CrashReport[] = [];
  let process: ForkedProcess | undefined;
  const start = (): ForkedProcess => {
    process = forkProcess({
      modulePath: fileURLToPath(new URL('../../server/engineMain.ts', import.meta.url)),
      args: [`--nice=${nice}`],
      execArgv: ['--import', 'tsx'],
      env: { PATH: globalThis.process.env['PATH'] ?? '', ...env },
    });
    return process;
  };
  const client = new EngineClient({ start, clock: systemClock, onCrash: (report) => crashes.push(report) });
  return {
    client,
    crashes,
    process() {
      if (!process) throw new Error('no engine was started');
      return process;
    },
  };
}
