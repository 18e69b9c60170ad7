// The sandbox on Linux, with nothing but util-linux: one outer set of namespaces per batch, and below it one per variant.
// What runs inside is in sandboxScripts.ts; this side only starts it, feeds it the plan and reads its lines.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, lchown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, normalize } from 'node:path';
import { Cancelled } from '../base/cancellation.ts';
import { defaultSandboxLimits } from '../base/sandbox.ts';
import type { Sandbox, SandboxBatch, SandboxBatchResult, SandboxLimits, SandboxResult } from '../base/sandbox.ts';
import { checkContainment } from './sandboxContainment.ts';
import { driverScript, setupScript, stageScript, variantScript } from './sandboxScripts.ts';

export interface LinuxSandboxOptions {
  /** The Node that runs tests; default: `node` in PATH (in an editor this process is not Node). */
  readonly node?: string;
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const requiredTools = ['unshare', 'setpriv', 'prlimit', 'mount', 'umount', 'pivot_root', 'sh'];

export function createLinuxSandbox(options: LinuxSandboxOptions = {}): Sandbox {
  const sandbox: Sandbox = {
    run: (batch) => run(batch, options),
    checkContainment: (signal) => checkContainment(sandbox, signal),
  };
  return sandbox;
}

async function run(batch: SandboxBatch, options: LinuxSandboxOptions): Promise<SandboxBatchResult> {
  if (batch.signal?.aborted) throw new Cancelled();
  const startedMs = performance.now();
  for (const variant of batch.variants) for (const path of Object.keys(variant.files)) assertInside(path);
  if (process.platform !== 'linux') return { kind: 'sandboxUnavailable', why: `there is no sandbox for ${process.platform} yet` };
  for (const tool of requiredTools) {
    if ((await findProgram(tool, systemPath)) === null) return { kind: 'sandboxUnavailable', why: `${tool} (util-linux) is not installed` };
  }
  const node = options.node ?? (await findProgram('node', process.env['PATH'] ?? systemPath));
  if (node === null) return { kind: 'sandboxUnavailable', why: 'node is not in PATH' };
  const uid = process.getuid?.() === 0 ? await unprivilegedUid() : null;
  if (uid !== null) await giveTo(batch.tree, uid);
  const work = await makeWorkFolder(uid !== null);
  try {
    return await start({ batch, work, uid, node: await realpath(node), startedMs });
  } finally {
    await removeWorkFolder(work);
  }
}

interface Start {
  readonly batch: SandboxBatch;
  readonly work: string;
  readonly uid: number | null;
  readonly node: string;
  readonly startedMs: number;
}

function start({ batch, work, uid, node, startedMs }: Start): Promise<SandboxBatchResult> {
  const limits: SandboxLimits = { ...defaultSandboxLimits, ...batch.limits };
  const concurrency = batch.concurrency ?? 2;
  const args = commandLine({ batch, work, uid, node });
  return new Promise((resolve, reject) => {
    // Its own session: no terminal, and a kill of the group reaches what has not yet entered a namespace.
    const child = spawn(args[0] ?? '', args.slice(1), { cwd: '/', env: { PATH: systemPath }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const results: (SandboxResult | undefined)[] = batch.variants.map(() => undefined);
    const missing = new Set<string>();
    let startMs: number | undefined;
    let notStarted: string | undefined;
    let complaint = '';
    let partial = '';
    let cancelled = false;

    const kill = () => child.kill('SIGKILL');
    const onAbort = () => {
      cancelled = true;
      kill();
    };
    batch.signal?.addEventListener('abort', onAbort, { once: true });
    // The driver bounds each variant; this bounds the driver.
    const rounds = Math.ceil(batch.variants.length / concurrency);
    const longestMs = Math.max(limits.timeoutMs, ...batch.variants.map(({ timeoutMs }) => timeoutMs ?? 0));
    const timer = setTimeout(kill, rounds * (longestMs + 1000) + 10_000);

    const onLine = (line: string) => {
      const event = parseEvent(line, batch.variants.length);
      if (event === null) return;
      startMs ??= performance.now() - startedMs - (event.kind === 'result' ? event.durationMs : 0);
      if (event.kind === 'notStarted') {
        notStarted ??= event.why;
        return;
      }
      const result: SandboxResult = { ...event.result, id: batch.variants[event.index]?.id ?? '' };
      results[event.index] = result;
      for (const what of event.missing) missing.add(what);
      batch.onResult?.(result);
    };
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      const lines = (partial + chunk).split('\n');
      partial = lines.pop() ?? '';
      lines.forEach(onLine);
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    child.stdin.on('error', () => {});
    // Left open: its closing is how the driver learns that this process is gone.
    child.stdin.write(`${JSON.stringify(planOf(batch, limits, concurrency))}\n`);

    let settled = false;
    const settle = () => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      batch.signal?.removeEventListener('abort', onAbort);
      child.stdin.destroy();
      if (cancelled) return reject(new Cancelled());
      const nothingRan = results.every((result) => result === undefined) && batch.variants.length > 0;
      if (nothingRan) {
        return resolve({ kind: 'sandboxUnavailable', why: oneLine(notStarted ?? complaint) || 'the sandbox ended before the first test' });
      }
      resolve({
        kind: 'ran',
        results: results.map((result, index) => result ?? cutOff(batch.variants[index]?.id ?? '')),
        startMs: startMs ?? performance.now() - startedMs,
        missing: [...missing],
      });
    };
    child.on('error', settle);
    child.on('close', settle);
  });
}

function commandLine({ batch, work, uid, node }: Omit<Start, 'startedMs'>): string[] {
  const root = uid !== null;
  const tree = root ? join(work, 'tree') : batch.tree;
  const dependencies = batch.dependencies === undefined ? '' : root ? join(work, 'dependencies') : batch.dependencies;
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
    'sh', join(work, 'stage.sh'), work, String(uid), batch.tree, batch.dependencies ?? '', nodeInside === '' ? node : '', ...enter,
  ];
}

function planOf(batch: SandboxBatch, limits: SandboxLimits, concurrency: number): unknown {
  return {
    concurrency,
    limits,
    dependencies: batch.dependencies !== undefined,
    environment: { PATH: '/toolchain/bin:/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', CI: '1' },
    variants: batch.variants.map(({ files, command, environment, timeoutMs }) => ({ files, command, environment, timeoutMs })),
  };
}

type DriverEvent =
  | { readonly kind: 'notStarted'; readonly why: string }
  | { readonly kind: 'result'; readonly index: number; readonly result: Omit<SandboxResult, 'id'>; readonly durationMs: number; readonly missing: string[] };

/** The driver is ours, but what it quotes is not: every field is checked, and a line that is not an event is dropped. */
function parseEvent(line: string, variants: number): DriverEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  if (fields['event'] === 'notStarted') return { kind: 'notStarted', why: String(fields['why']) };
  const index = fields['index'];
  const outcome = outcomes.find((name) => name === fields['outcome']);
  if (fields['event'] !== 'result' || outcome === undefined || typeof index !== 'number' || index < 0 || index >= variants) return null;
  const durationMs = Number(fields['durationMs']);
  const missing = Array.isArray(fields['missing']) ? fields['missing'].map(String) : [];
  const result = { outcome, status: Number(fields['status']), report: String(fields['report']), output: String(fields['output']), durationMs };
  return { kind: 'result', index, result, durationMs, missing };
}

const outcomes = ['exited', 'timedOut', 'tooMuchOutput', 'killed'] as const;

function cutOff(id: string): SandboxResult {
  return { id, outcome: 'killed', status: -1, report: '', output: '', durationMs: 0 };
}

function oneLine(text: string): string {
  return text.trim().split('\n').slice(-2).join('; ');
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
