// Builds the demo's repository from its patches: an ordinary git repository with two branches, and the project's one dependency
// (tsx, with esbuild) installed by copying it from this project's own node_modules, so that nothing is downloaded.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const history = join(dirname(fileURLToPath(import.meta.url)), 'history');
/** The branch leaves main after this commit. */
const forkSubject = 'Recurring entries';

export function materialise(folder: string, nodeModules: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Mira Lindqvist');
  git(folder, 'config', 'user.email', 'mira@example.org');
  apply(folder, 'main');
  const fork = git(folder, 'log', '--format=%H', '--fixed-strings', `--grep=${forkSubject}`).trim();
  git(folder, 'switch', '--quiet', '--create', 'multi-user', fork);
  apply(folder, 'multi-user');
  git(folder, 'switch', '--quiet', 'main');
  for (const name of ['tsx', 'esbuild', join('@esbuild', `${process.platform}-${process.arch}`)]) {
    cpSync(join(nodeModules, name), join(folder, 'node_modules', name), { recursive: true });
  }
}

function apply(folder: string, branch: string): void {
  const patches = readdirSync(join(history, branch)).sort().map((name) => join(history, branch, name));
  git(folder, 'am', '--quiet', '--committer-date-is-author-date', ...patches);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-C', folder, ...args], { encoding: 'utf8' });
}
