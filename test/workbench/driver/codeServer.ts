// One code-server process with a home, settings and extensions of its own, so that nothing of the machine's user takes part.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installHost } from './hostInstallation.ts';

export interface CodeServer {
  readonly url: string;
  /** The home folder that the editor, its terminal and the extension see. */
  readonly home: string;
  readonly pid: number;
  dispose(): Promise<void>;
}

export interface CodeServerOptions {
  /** An empty folder for everything that this editor keeps. */
  readonly scratch: string;
  /** Installed in this order. */
  readonly vsix: readonly string[];
  /** False: the folder opens in restricted mode, as every folder does at first. */
  readonly trusted: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}

const quietSettings = {
  // In a browser the default is to save after a second; what is typed here is taken back.
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.defaultProfile.linux': 'bash',
  'terminal.integrated.shellIntegration.enabled': false,
  'security.workspace.trust.untrustedFiles': 'open',
  'editor.minimap.enabled': false,
  'editor.detectIndentation': false,
  'editor.tabSize': 2,
  'git.openRepositoryInParentFolders': 'never',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'chat.agentHost.enabled': false,
  'window.menuBarVisibility': 'compact',
};

export async function startCodeServer({ scratch, vsix, trusted, settings = {}, environment = {} }: CodeServerOptions): Promise<CodeServer> {
  const { node, codeServer } = installHost();
  const home = join(scratch, 'home');
  const userData = join(scratch, 'user-data');
  mkdirSync(home, { recursive: true });
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  writeFileSync(join(home, '.bashrc'), "PS1='$ '\n");
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Mira Lindqvist\n\temail = mira@example.org\n[init]\n\tdefaultBranch = main\n');
  const env = { ...withoutOurs(process.env), HOME: home, XDG_CACHE_HOME: join(home, '.cache'), XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local/share'), ...environment };
  const folders = ['--user-data-dir', userData, '--extensions-dir', join(scratch, 'extensions')];
  for (const file of vsix) execFileSync(node, [codeServer, ...folders, '--install-extension', file], { env, stdio: 'pipe' });
  const port = await freePort();
  const log = openSync(join(scratch, 'code-server.log'), 'a');
  const process_ = spawn(
    node,
    [codeServer, ...folders, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', ...(trusted ? ['--disable-workspace-trust'] : [])],
    { env, stdio: ['ignore', log, log], detached: true },
  );
  const url = `http://127.0.0.1:${port}`;
  await answering(url, process_);
  return { url, home, pid: process_.pid ?? 0, dispose: () => endGroup(process_) };
}

/** The language server and the engines are children of the extension host: the whole group goes. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode} before it answered`);
    const up = await fetch(`${url}/healthz`).then(({ ok }) => ok, () => false);
    if (up) return;
    await pause(200);
  }
  throw new Error('code-server did not answer within a minute');
}

/** npm and test runners leave variables that would change what runs inside. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(npm_|NODE_|VSCODE_|GIT_|GRAFT_|VITEST)/.test(name)));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
