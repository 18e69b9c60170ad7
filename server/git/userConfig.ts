// The one call of git that reads the user's own configuration (everywhere else it is switched off): who they are and whom they approved.
// `git config --get-all` runs nothing.
import type { Processes } from '../base/processes.ts';

export interface UserConfigOptions {
  readonly processes: Processes;
  readonly folder: string;
  readonly searchPath: string;
  readonly home: string;
}

/** All values of a key, in git's order of precedence; empty where there are none. */
export async function readUserConfig(key: string, { processes, folder, searchPath, home }: UserConfigOptions): Promise<string[]> {
  const { outcome, status, stdout } = await processes.run({
    command: 'git',
    args: ['config', '--null', '--get-all', key],
    cwd: folder,
    env: { PATH: searchPath, HOME: home, LC_ALL: 'C' },
    timeoutMs: 10_000,
    outputLimitBytes: 1024 * 1024,
  });
  if (outcome !== 'exited' || status !== 0) return [];
  return new TextDecoder().decode(stdout).split('\0').filter((value) => value !== '');
}
