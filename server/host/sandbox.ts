// The sandbox on Linux, with nothing but util-linux: one outer set of namespaces per open sandbox, and below it one per variant.
// What runs inside is in sandboxScripts.ts; this side makes it ready to start, sandboxDriver.ts talks with it.
import { constants } from 'node:fs';
import { access, chmod, lchown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, normalize } from 'node:path';
import { Cancelled } from '../base/cancellation.ts';
import type { OpenSandbox, Sandbox, SandboxGround } from '../base/sandbox.ts';
import { checkContainment } from './sandboxContainment.ts';
import { startDriver, type SandboxDriver } from './sandboxDriver.ts';
import { driverScript, setupScript, stageScript, variantScript } from './sandboxScripts.ts';

export interface LinuxSandboxOptions {
  /** The Node that runs tests; default: `node` in PATH (in an editor this process is not Node). */
  readonly node?: string;
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const requiredTools = ['unshare', 'setpriv', 'prlimit', 'mount', 'umount', 'pivot_root', 'sh'];

export function createLinuxSandbox(options: LinuxSandboxOptions = {}): Sandbox {
  const sandbox: Sandbox = {
    open: (ground) => openSandbox(ground, options),
    checkContainment: (signal) => checkContainment(sandbox, signal),
  };
  return sandbox;
}

function openSandbox(ground: SandboxGround, options: LinuxSandboxOptions): OpenSandbox {
  let started: Started | undefined;
  const close = async (): Promise<void> => {
    const last = started;
    started = undefined;
    if (last === undefined) return;
    await last.driver.end();
    await removeWorkFolder(last.work);
  };
  return {
    async run(batch) {
      if (batch.signal?.aborted) throw new Cancelled();
      const startedMs = performance.now();
      for (const variant of batch.variants) for (const path of Object.keys(variant.files)) assertInside(path);
      if (started?.driver.isOver) await close();
      if (started === undefined) {
        const start = await startDriverFor(ground, options);
        if ('why' in start) return { kind: 'sandboxUnavailable', why: start.why };
        started = start;
        if (batch.signal?.aborted) throw new Cancelled();
      }
      try {
        return await started.driver.run(batch, { startedMs, dependencies: ground.dependencies !== undefined });
      } finally {
        // Cancelled, or ended by what it ran: the next batch has a new one.
        if (started.driver.isOver) await close();
      }
    },
    close,
  };
}

interface Started {
  readonly driver: SandboxDriver;
  readonly work: string;
}

async function startDriverFor(ground: SandboxGround, options: LinuxSandboxOptions): Promise<Started | { readonly why: string }> {
  if (process.platform !== 'linux') return { why: `there is no sandbox for ${process.platform} yet` };
  for (const tool of requiredTools) {
    if ((await findProgram(tool, systemPath)) === null) return { why: `${tool} (util-linux) is not installed` };
  }
  const node = options.node ?? (await findProgram('node', process.env['PATH'] ?? systemPath));
  if (node === null) return { why: 'node is not in PATH' };
  const uid = process.getuid?.() === 0 ? await unprivilegedUid() : null;
  if (uid !== null) await giveTo(ground.tree, uid);
  const work = await makeWorkFolder(uid !== null);
  return { driver: startDriver(commandLine({ ground, work, uid, node: await realpath(node) }), systemPath), work };
}

interface Start {
  readonly ground: SandboxGround;
  readonly work: string;
  readonly uid: number | null;
  readonly node: string;
}

function commandLine({ ground, work, uid, node }: Start): string[] {
  const root = uid !== null;
  const tree = root ? join(work, 'tree') : ground.tree;
  const dependencies = ground.dependencies === undefined ? '' : root ? join(work, 'dependencies') : ground.dependencies;
  // What lies under /usr is in the sandbox anyway; elsewhere (nvm, a download) the one file is bound.
  const nodeInside = node.startsWith('/usr/') || node.startsWith('/nix/store/') || node.startsWith('/gnu/store/') ? node : '';
  const nodeOutside = root ? join(work, 'node') : node;
  const enter = [
    'unshare', '--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts', '--cgroup',
    '--kill-child=SIGKILL', '--fork', '--propagation', 'private',
    'sh', join(work, 'setup.sh'), work, tree, dependencies, nodeInside, nodeOutside,
  ];
  if (!root) return ['setpriv', '--pdeathsig', 'KILL', '--', ...enter];
  return [
    'setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '--mount', '--propagation', 'private',
    'sh', join(work, 'stage.sh'), work, String(uid), ground.tree, ground.dependencies ?? '', nodeInside === '' ? node : '', ...enter,
  ];
}

function assertInside(path: string): void {
  const clean = normalize(path);
  if (isAbsolute(path) || clean === '.' || clean === '..' || clean.startsWith('../') || path.includes('\0')) {
    throw new RangeError(`a variant's file must lie inside the tree: ${path}`);
  }
}

async function findProgram(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, name);
    try {
      await access(candidate, constants.X_OK);
      if ((await stat(candidate)).isFile()) return candidate;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** A uid that owns nothing on this machine; `nobody` where this process's own user namespace has only the usual 65,536. */
async function unprivilegedUid(): Promise<number> {
  const wanted = 61_000;
  const ranges = (await readFile('/proc/self/uid_map', 'utf8')).trim().split('\n');
  const mapped = ranges.some((line) => {
    const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return inside <= wanted && wanted < inside + count;
  });
  return mapped ? wanted : 65_534;
}

/** The top folder last: that it has the owner means that the rest has it too. */
async function giveTo(tree: string, uid: number): Promise<void> {
  if ((await lstat(tree)).uid === uid) return;
  await giveContents(tree, uid);
  await lchown(tree, uid, uid);
}

async function giveContents(folder: string, uid: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await giveContents(path, uid);
      await lchown(path, uid, uid);
    }),
  );
}

async function makeWorkFolder(root: boolean): Promise<string> {
  const parent = !root || (await openToAll(tmpdir())) ? tmpdir() : '/tmp';
  await removeAbandoned(parent);
  const work = await mkdtemp(join(parent, workPrefix));
  if (root) await chmod(work, 0o755);
  for (const name of folderNames) await mkdir(join(work, name));
  await writeFile(join(work, 'node'), '');
  const scripts: Record<(typeof scriptNames)[number], string> = {
    'stage.sh': stageScript,
    'setup.sh': setupScript,
    'variant.sh': variantScript,
    'driver.mjs': driverScript,
  };
  for (const name of scriptNames) await writeFile(join(work, name), scripts[name]);
  return work;
}

const workPrefix = 'graft-sandbox-';
const folderNames = ['root', 'tree', 'dependencies'] as const;
const scriptNames = ['stage.sh', 'setup.sh', 'variant.sh', 'driver.mjs'] as const;

/** By name and never recursively: these folders are mount points in another namespace. */
async function removeWorkFolder(work: string): Promise<void> {
  for (const name of [...scriptNames, 'node']) await unlink(join(work, name)).catch(() => {});
  for (const name of folderNames) await rmdir(join(work, name)).catch(() => {});
  await rmdir(work).catch(() => rm(work, { force: true }).catch(() => {}));
}

/** A parent that was killed leaves its scripts behind; no batch lasts a day. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(workPrefix)) continue;
    const found = await lstat(join(parent, name)).catch(() => null);
    if (found !== null && found.uid === process.getuid?.() && Date.now() - found.mtimeMs > 24 * 3600_000) await removeWorkFolder(join(parent, name));
  }
}

/** Can another user reach this folder? */
async function openToAll(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
