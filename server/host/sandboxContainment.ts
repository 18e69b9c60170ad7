// Proof by trial that the sandbox holds here and now: hostile programs are run in it, each of which prints what it could do.
// Run by `graft doctor` and by the tests; a kernel or container setting can open what a constant would promise shut.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBatch } from '../base/sandbox.ts';
import type { Containment, Sandbox, SandboxVariant } from '../base/sandbox.ts';

/** Exit status 0: contained. Anything else, and a missing result, counts as a leak. */
interface Trial {
  readonly claim: string;
  readonly command: readonly string[];
}

export async function checkContainment(sandbox: Sandbox, signal?: AbortSignal): Promise<Containment> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-containment-'));
  const server = createServer((socket) => socket.destroy());
  try {
    const port = await listen(server);
    const tree = join(folder, 'tree');
    await mkdir(tree);
    await writeFile(join(tree, 'kept.txt'), 'kept');
    const outside = join(folder, 'outside.txt');
    await writeFile(outside, 'outside');
    const trials = trialsFor({ port, outside });
    const variants: SandboxVariant[] = trials.map(({ command }, index) => ({ id: String(index), files: {}, command }));
    const batch = await runBatch(sandbox, { tree, variants, limits: { timeoutMs: 10_000 }, ...(signal === undefined ? {} : { signal }) });
    if (batch.kind === 'sandboxUnavailable') return batch;
    const failed = trials.filter((_, index) => {
      const result = batch.results[index];
      return result === undefined || result.outcome !== 'exited' || result.status !== 0;
    });
    if (failed.length > 0) return { kind: 'leaks', failed: failed.map(({ claim }) => claim) };
    return { kind: 'contained', checks: trials.map(({ claim }) => claim) };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function trialsFor({ port, outside }: { readonly port: number; readonly outside: string }): Trial[] {
  return [
    { claim: 'the machine’s own loopback is out of reach', command: node(connects(port, 'process.exit(1)', 'process.exit(0)')) },
    { claim: 'no other network is in reach', command: node(`const i=Object.keys(require('os').networkInterfaces());process.exit(i.every((n)=>n==='lo')?0:1)`) },
    {
      claim: 'a server on the sandbox’s own loopback works',
      command: node(`const s=require('net').createServer((c)=>c.end()).listen(0,'127.0.0.1',()=>{${connects('s.address().port', 'process.exit(0)', 'process.exit(1)')}})`),
    },
    { claim: 'files outside the tree are absent', command: ['sh', '-c', '! test -e "$1"', 'sh', outside] },
    { claim: 'the home folder is absent', command: ['sh', '-c', '! ls -A "$1" 2>/dev/null | grep -q .', 'sh', homedir()] },
    { claim: 'the root folder cannot be written', command: fails('touch /x /usr/x /etc/x /graft/x /toolchain/x') },
    { claim: 'device nodes cannot be made', command: fails('mknod /tmp/disk b 8 0') },
    { claim: 'nothing can be remounted or mounted', command: fails('mount -o remount,rw /', 'mount -t tmpfs t /tmp', 'umount /graft', 'umount -l /project') },
    { claim: 'no namespace can be made', command: fails('unshare --user true', 'unshare --mount true', 'unshare --net true') },
    { claim: 'limits cannot be raised', command: fails('prlimit --nproc=unlimited --pid $$', 'echo 99 > /proc/sys/user/max_user_namespaces') },
    { claim: 'kernel settings cannot be written', command: fails('echo x > /proc/sys/kernel/core_pattern', 'echo b > /proc/sysrq-trigger') },
    { claim: 'no capability is left', command: ['sh', '-c', 'grep -qE "^CapEff:\\s0+$" /proc/self/status && grep -qE "^CapBnd:\\s0+$" /proc/self/status && grep -qE "^NoNewPrivs:\\s1$" /proc/self/status'] },
    { claim: 'no process outside is visible', command: ['sh', '-c', 'test "$(ls -d /proc/[0-9]* | wc -l)" -lt 8'] },
  ];
}

function node(script: string): string[] {
  return ['node', '-e', script];
}

/** Every one of the commands must fail. */
function fails(...commands: string[]): string[] {
  return ['sh', '-c', commands.map((command) => `if ${command} 2>/dev/null; then exit 1; fi`).join('\n')];
}

function connects(port: number | string, onConnect: string, onError: string): string {
  return `const k=require('net').connect(${port},'127.0.0.1');k.on('connect',()=>{${onConnect}});k.on('error',()=>{${onError}});`;
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
