// Hostile programs in the sandbox: each must be bounded, must harm nothing outside, and must leave nothing behind.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cancelled } from '../../server/base/cancellation.ts';
import type { OpenSandbox, SandboxBatch, SandboxBatchResult, SandboxGround, SandboxResult, SandboxVariant } from '../../server/base/sandbox.ts';
import { runBatch } from '../../server/base/sandbox.ts';
import { createLinuxSandbox } from '../../server/host/sandbox.ts';

const sandbox = createLinuxSandbox();
/** Only root can lend or drop its power; elsewhere these are no tests rather than skipped ones, which CI would take for a tier that did not run. */
const asRoot: typeof test | (() => void) = process.getuid?.() === 0 ? test : () => undefined;
let folder = '';
let tree = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'graft-sandbox-test-'));
  tree = join(folder, 'tree');
  mkdirSync(join(tree, 'src'), { recursive: true });
  writeFileSync(join(tree, 'src/kept.txt'), 'kept');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function runAll(variants: readonly Omit<SandboxVariant, 'files'>[], options: Partial<SandboxGround & SandboxBatch> = {}): Promise<readonly SandboxResult[]> {
  const batch = await runBatch(sandbox, { tree, variants: variants.map((variant) => ({ files: {}, ...variant })), ...options });
  if (batch.kind === 'sandboxUnavailable') throw new Error(batch.why);
  return batch.results;
}

async function runOne(command: readonly string[], options: Partial<SandboxGround & SandboxBatch> = {}): Promise<SandboxResult> {
  const [result] = await runAll([{ id: 'one', command }], options);
  if (result === undefined) throw new Error('no result');
  return result;
}

const sh = (script: string) => ['sh', '-c', script];
const node = (script: string) => ['node', '-e', script];

/** Command lines on this machine that contain a text; zombies have none. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

test('the sandbox proves its containment on this machine', async () => {
  expect(await sandbox.checkContainment()).toMatchObject({ kind: 'contained' });
});

describe('what a command may do', () => {
  test('it sees the tree with the variant’s files over it', async () => {
    const batch = await runBatch(sandbox, {
      tree,
      variants: [
        { id: 'a', files: { 'src/kept.txt': 'replaced', 'new/deep.txt': 'added' }, command: sh('cat src/kept.txt new/deep.txt; pwd') },
        { id: 'b', files: {}, command: sh('cat src/kept.txt; ls') },
      ],
    });
    expect(batch).toMatchObject({ kind: 'ran', results: [{ id: 'a', output: 'replacedadded/project\n' }, { id: 'b', output: 'keptsrc\n' }] });
  });

  test('it can write to the tree and to /tmp, for itself alone', async () => {
    const results = await runAll(
      [
        { id: 'a', command: sh('rm -r src && echo x > made && echo y > /tmp/made && ls') },
        { id: 'b', command: sh('ls; ls /tmp') },
      ],
      { concurrency: 1 },
    );
    expect(results.map(({ status, output }) => ({ status, output }))).toEqual([
      { status: 0, output: 'made\n' },
      { status: 0, output: 'src\n' },
    ]);
    expect(readFileSync(join(tree, 'src/kept.txt'), 'utf8')).toBe('kept');
    expect(existsSync(join(tree, 'made'))).toBe(false);
  });

  test('what it writes to /report comes back apart from what it prints', async () => {
    expect(await runOne(sh('echo printed; echo reported > /report; exit 3'))).toMatchObject({ outcome: 'exited', status: 3, report: 'reported\n', output: 'printed\n' });
  });

  test('it sees the dependencies and can write a cache beside them', async () => {
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, 'dependency'), { recursive: true });
    writeFileSync(join(modules, 'dependency/index.js'), 'module.exports = 42');
    const result = await runOne(sh(`mkdir node_modules/.vite && touch node_modules/.vite/x && node -e 'console.log(require("dependency"))'`), { dependencies: modules });
    expect(result).toMatchObject({ status: 0, output: '42\n' });
    expect(readdirSync(modules)).toEqual(['dependency']);
  });

  test('its environment is not ours', async () => {
    process.env['GRAFT_TEST_SECRET'] = 'secret';
    const result = await runOne(['env']);
    delete process.env['GRAFT_TEST_SECRET'];
    expect(result.output).not.toContain('secret');
  });

  test('variants that listen on the same port do not meet', async () => {
    const listens = node(`require('http').createServer((q,s)=>s.end('ok')).listen(8080,'127.0.0.1',async()=>{const r=await fetch('http://127.0.0.1:8080');console.log(await r.text());setTimeout(()=>process.exit(0),300)})`);
    const results = await runAll([{ id: 'a', command: listens }, { id: 'b', command: listens }]);
    expect(results.map(({ output }) => output)).toEqual(['ok\n', 'ok\n']);
  });
});

describe('a hostile command is stopped', () => {
  test('that hangs', async () => {
    const results = await runAll([
      { id: 'hangs', command: node('while(true){}'), timeoutMs: 700 },
      { id: 'ignores', command: sh('trap "" TERM INT HUP; while :; do sleep 1; done'), timeoutMs: 700 },
      { id: 'next', command: sh('echo fine') },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['timedOut', 'timedOut', 'exited']);
  });

  test('that prints a gigabyte', async () => {
    const result = await runOne(sh('yes | head -c 1000000000'));
    expect(result.outcome).toBe('tooMuchOutput');
    expect(result.output.length).toBeLessThanOrEqual(16_384);
  });

  test('that reports a gigabyte', async () => {
    const result = await runOne(sh('yes | head -c 1000000000 > /report'));
    expect(result.outcome).not.toBe('timedOut');
    expect(result.report.length).toBeLessThanOrEqual(2 ** 20);
  });

  test('that forks without end, and its neighbour does not notice', async () => {
    const results = await runAll([
      { id: 'bomb', command: sh('bomb() { bomb | bomb & wait; }; bomb graft-bomb-mark; sleep 1'), timeoutMs: 1500 },
      { id: 'neighbour', command: node('require("child_process").execFileSync("true"); console.log("fine")') },
    ]);
    expect(results[0]?.outcome).not.toBe('killed');
    expect(results[1]).toMatchObject({ status: 0, output: 'fine\n' });
    expect(processesWith('graft-bomb-mark')).toEqual([]);
  });

  test('that takes memory in one process', async () => {
    const result = await runOne(node('const a=[];while(true)a.push(Buffer.alloc(50e6,1))'), { limits: { memoryBytes: 1024 ** 3 } });
    expect(result.outcome === 'exited' && result.status === 0).toBe(false);
    expect(result.outcome).not.toBe('timedOut');
  });

  test('that takes memory in many processes', async () => {
    const eater = `node -e 'const a=Buffer.alloc(150e6,1);setTimeout(()=>{},4000)' &`;
    const result = await runOne(sh(`${eater.repeat(6)} wait`), { limits: { memoryBytes: 600 * 1024 ** 2, timeoutMs: 8000 } });
    expect(result.outcome).toBe('killed');
  });

  test('that fills the disk', async () => {
    const result = await runOne(sh('i=0; while head -c 20000000 /dev/zero > f$i; do i=$((i+1)); done; rm -f f*; echo full at $i'), { limits: { diskBytes: 100 * 1024 ** 2 } });
    expect(result.output).toMatch(/full at [45]\n/);
  });

  test('that writes one huge file', async () => {
    const result = await runOne(sh('head -c 30000000 /dev/zero > big; stat -c %s big'), { limits: { fileBytes: 10_000_000 } });
    expect(result.output).toContain('10000000');
  });

  test('that deletes everything it can reach', async () => {
    // It walks through all that is bound in, which takes its time on a slow disk.
    const [result] = await runAll([{ id: 'deletes', command: sh('rm -rf --no-preserve-root / 2>/dev/null; ls /project; true'), timeoutMs: 50_000 }]);
    expect(result?.outcome).toBe('exited');
    expect(readFileSync(join(tree, 'src/kept.txt'), 'utf8')).toBe('kept');
    expect(existsSync('/usr/bin/env')).toBe(true);
  });

  test('that kills its parent and everybody else', async () => {
    const results = await runAll(
      [
        { id: 'kills', command: sh('kill -9 $PPID; kill -9 1; kill -9 -1; echo still here'), timeoutMs: 3000 },
        { id: 'next', command: sh('echo fine') },
      ],
      { concurrency: 1 },
    );
    expect(results[0]?.outcome).not.toBe('timedOut');
    expect(results[1]).toMatchObject({ outcome: 'exited', status: 0, output: 'fine\n' });
  });

  test('that leaves daemons', async () => {
    const result = await runOne(sh('(setsid sleep 86399 >/dev/null 2>&1 &) ; (setsid nohup sh -c "sleep 86399" & ) ; echo left'));
    expect(result).toMatchObject({ outcome: 'exited', status: 0 });
    expect(processesWith('86399')).toEqual([]);
  });
});

test('a path out of the tree is refused before anything runs', async () => {
  await expect(runBatch(sandbox, { tree, variants: [{ id: 'x', files: { '../outside': 'x' }, command: ['true'] }] })).rejects.toThrow(RangeError);
});

test('a batch that is cancelled ends with Cancelled and leaves nothing', async () => {
  const abort = new AbortController();
  const run = runBatch(sandbox, { tree, variants: [{ id: 'x', files: {}, command: ['sleep', '86398'] }], signal: abort.signal });
  setTimeout(() => abort.abort(), 600);
  await expect(run).rejects.toThrow(Cancelled);
  expect(processesWith('86398')).toEqual([]);
});

describe('several batches in one open sandbox', () => {
  const driver = '/graft/driver.mjs';
  const variants = (...scripts: string[]) => scripts.map((script, index) => ({ id: String(index), files: { 'src/given.txt': `given ${script}` }, command: sh(script) }));
  const outputs = (batch: SandboxBatchResult) => (batch.kind === 'ran' ? batch.results.map(({ output }) => output.trim()) : batch.why);

  const inOpenSandbox = async (use: (opened: OpenSandbox) => Promise<void>): Promise<void> => {
    const opened = sandbox.open({ tree });
    try {
      await use(opened);
    } finally {
      await opened.close();
    }
    expect(processesWith(driver)).toEqual([]);
  };

  test('start one driver, and see nothing of each other', () =>
    inOpenSandbox(async (opened) => {
      expect(processesWith(driver)).toEqual([]);
      const first = await opened.run({ variants: variants('echo one > src/kept.txt; echo left > /tmp/left; cat src/given.txt', 'echo two') });
      const [pid] = processesWith(driver);
      const second = await opened.run({ variants: variants('cat src/kept.txt; ls /tmp; ls src', 'true', 'cat src/given.txt') });
      expect(outputs(first)).toEqual(['given echo one > src/kept.txt; echo left > /tmp/left; cat src/given.txt', 'two']);
      expect(outputs(second)).toEqual(['keptgiven.txt\nkept.txt', '', 'given cat src/given.txt']);
      expect(pid).toBeDefined();
      expect(processesWith(driver)).toEqual([pid]);
      expect(await opened.run({ variants: [] })).toMatchObject({ kind: 'ran', results: [] });
    }));

  test('go on in a new one after a batch was cancelled', () =>
    inOpenSandbox(async (opened) => {
      const abort = new AbortController();
      const run = opened.run({ variants: variants('sleep 86395'), signal: abort.signal });
      await until(() => processesWith('86395').length > 0);
      abort.abort();
      await expect(run).rejects.toThrow(Cancelled);
      expect(processesWith('86395')).toEqual([]);
      expect(outputs(await opened.run({ variants: variants('echo again') }))).toEqual(['again']);
    }));

  test('are not begun where cancelled while the sandbox starts', () =>
    inOpenSandbox(async (opened) => {
      const abort = new AbortController();
      const run = opened.run({ variants: variants('sleep 86394'), signal: abort.signal });
      abort.abort();
      await expect(run).rejects.toThrow(Cancelled);
      expect(processesWith('86394')).toEqual([]);
    }));

  test('and after their driver was killed', () =>
    inOpenSandbox(async (opened) => {
      expect(outputs(await opened.run({ variants: variants('echo one') }))).toEqual(['one']);
      for (const pid of processesWith(driver)) process.kill(Number(pid), 'SIGKILL');
      await until(() => processesWith(driver).length === 0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(outputs(await opened.run({ variants: variants('echo two') }))).toEqual(['two']);
    }));
});

test('kill -9 of the process that started it leaves nothing', async () => {
  const script = join(folder, 'parent.mjs');
  const door = join(import.meta.dirname, '../../server/host/sandbox.ts');
  writeFileSync(script, `import { createLinuxSandbox } from ${JSON.stringify(door)};
    createLinuxSandbox().open({ tree: ${JSON.stringify(tree)} }).run({ variants: [{ id: 'x', files: {}, command: ['sleep', '86397'], timeoutMs: 60000 }] });`);
  const tsx = import.meta.resolve('tsx');
  const parent = spawn(process.execPath, ['--import', tsx, script], { stdio: 'ignore' });
  await until(() => processesWith('86397').length > 0);
  parent.kill('SIGKILL');
  await until(() => processesWith('86397').length === 0);
  expect(processesWith('86397')).toEqual([]);
});

asRoot('root gives its tree away and lends no power', async () => {
  const run = runOne(sh('echo x > /proc/sys/kernel/core_pattern || echo refused; sleep 1.25; true'));
  await until(() => processesWith('sleep\x001.25').length > 0);
  const owners = processesWith('sleep\x001.25').map((pid) => statSync(`/proc/${pid}`).uid);
  expect((await run).output).toContain('refused');
  expect(owners.length).toBeGreaterThan(0);
  expect(owners).not.toContain(0);
  expect(statSync(tree).uid).not.toBe(0);
});

asRoot('an ordinary user gets the same containment', async () => {
  const script = join(folder, 'user.mjs');
  chmodSync(folder, 0o755);
  writeFileSync(script, `import { createLinuxSandbox } from ${JSON.stringify(join(import.meta.dirname, '../../server/host/sandbox.ts'))};
    console.log(JSON.stringify(await createLinuxSandbox().checkContainment()));`);
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], { uid: 61_321, gid: 61_321, env: { PATH: process.env['PATH'] ?? '', HOME: folder } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  expect(output).toContain('"kind":"contained"');
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
}
