// The programs that run on the far side of the sandbox door, as texts: a bundle has no files beside it, and what runs with
// capabilities should be readable in one place. All three are ours; nothing of the project runs before `variant.sh` ends.

/**
 * Only where Graft runs as root, in a mount namespace of its own: puts what the sandbox needs where an ordinary user can reach it, then
 * gives root away. With uid 0 kept, /proc/sys/kernel/core_pattern can be written and process limits do nothing.
 * Arguments: work folder, uid, tree, dependencies or '', node or '', then the command.
 */
export const stageScript = String.raw`
set -eu
work=$1; uid=$2; tree=$3; dependencies=$4; node=$5; shift 5
mount -o bind,ro "$tree" "$work/tree"
if [ -n "$dependencies" ]; then mount -o bind,ro "$dependencies" "$work/dependencies"; fi
if [ -n "$node" ]; then mount -o bind,ro "$node" "$work/node"; fi
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --pdeathsig KILL -- "$@"
`;

/**
 * First process of the outer namespaces, with all capabilities in them: builds a read-only root without the user's files,
 * and becomes the driver. Arguments: work folder, tree, dependencies or '', node inside the sandbox or '' (then it is bound), node outside.
 */
export const setupScript = String.raw`
set -eu
work=$1; tree=$2; dependencies=$3; node_inside=$4; node_outside=$5
root=$work/root
# The kernel ends these first when memory is short.
echo 1000 > /proc/self/oom_score_adj || true
mount -t tmpfs -o mode=755,size=16m,nr_inodes=8k graft "$root"
cd "$root"
bind() { mount -o bind,ro,nosuid,nodev "$1" "$2" 2>/dev/null || mount -o rbind,ro,nosuid,nodev "$1" "$2"; }
for name in usr bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then ln -s "$(readlink "/$name")" "$name"
  elif [ -d "/$name" ]; then mkdir "$name"; bind "/$name" "$name"; fi
done
for store in nix/store gnu/store; do
  if [ -d "/$store" ]; then mkdir -p "$store"; bind "/$store" "$store"; fi
done
mkdir -p dev etc proc tmp project old toolchain/bin graft/in graft/tree graft/dependencies graft/slot
for device in null zero full random urandom; do : > "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
ln -s /proc/self/fd dev/fd; ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
ln -s /tmp dev/shm
ln -s /proc/self/fd/3 report
echo 'root:x:0:0:root:/tmp:/bin/sh' > etc/passwd
echo 'root:x:0:' > etc/group
echo '127.0.0.1 localhost' > etc/hosts
echo 'hosts: files' > etc/nsswitch.conf
for file in ld.so.cache localtime; do if [ -f "/etc/$file" ]; then cat "/etc/$file" > "etc/$file"; fi; done
if [ -d /etc/alternatives ]; then mkdir etc/alternatives; bind /etc/alternatives etc/alternatives; fi
bind "$tree" graft/tree
if [ -n "$dependencies" ]; then bind "$dependencies" graft/dependencies; fi
if [ -n "$node_inside" ]; then ln -s "$node_inside" toolchain/bin/node
else : > toolchain/bin/node; bind "$node_outside" toolchain/bin/node; fi
cat "$work/driver.mjs" > graft/driver.mjs
cat "$work/variant.sh" > graft/variant.sh
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t tmpfs -o mode=700,size=64m graft graft/in
pivot_root . old
umount -l /old
mount -o remount,bind,ro,nosuid,nodev /
cd /
exec /toolchain/bin/node --no-warnings /graft/driver.mjs
`;

/**
 * First process of one variant's namespaces: its own writable layers, its own loopback, then everything given up. Whatever runs after
 * the last line has no capability in any namespace and cannot make a namespace to get one. Lines on descriptor 4 tell the driver
 * how far it came. Arguments: variant number, 1 where there are dependencies, disk, memory, file bytes, processes, then the command.
 */
export const variantScript = String.raw`
set -eu
number=$1; dependencies=$2; disk=$3; memory=$4; file=$5; processes=$6; shift 6
mount -t tmpfs -o mode=755,size="$disk",nr_inodes=100k graft /graft/slot
cd /graft/slot
mkdir upper work upper2 work2 tmp
if mount -t overlay -o lowerdir="/graft/in/$number:/graft/tree",upperdir=upper,workdir=work,userxattr graft /project 2>/dev/null; then
  if [ "$dependencies" = 1 ]; then
    mount -t overlay -o lowerdir=/graft/dependencies,upperdir=upper2,workdir=work2,userxattr graft /project/node_modules
  fi
else
  echo missing overlay >&4
  cp -a /graft/tree/. upper/
  cp -a "/graft/in/$number/." upper/
  mount --bind upper /project
  if [ "$dependencies" = 1 ]; then mount -o bind,ro /graft/dependencies /project/node_modules; fi
fi
mount --bind tmp /tmp
mount -t proc -o nosuid,nodev,noexec proc /proc
echo 0 > /proc/sys/user/max_user_namespaces
ip link set lo up 2>/dev/null \
  || perl -e 'socket(S,2,2,0) or exit 1; my $r=pack("a16s","lo",0x49); $r.="\0"x22; ioctl(S,0x8914,$r) or exit 1' 2>/dev/null \
  || python3 -c 'import fcntl,socket,struct; fcntl.ioctl(socket.socket(2,2),0x8914,struct.pack("16sh22x",b"lo",0x49))' 2>/dev/null \
  || ifconfig lo up 2>/dev/null \
  || echo missing loopback >&4
# The driver's descriptors are sockets, which nobody can open by name; a file can, by /report (the link to /proc/self/fd/3).
exec 5>&3 3>report 6<report
# Hides the other variants' layers and the driver.
mount -t tmpfs -o ro,size=4k,nr_inodes=2 graft /graft
cd /project
echo ready >&4
exec 4>&-
exec prlimit --nproc="$processes" --data="$memory" --fsize="$file" --core=0 --nofile=4096 -- \
  setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- \
  sh -c '"$@" 5>&- 6<&-; status=$?; cat <&6 >&5; exit $status' sh "$@"
`;

/**
 * First process of the outer pid namespace: reads a batch (one line of JSON), starts each variant in namespaces below its own, writes
 * one line of JSON per event, and waits for the next batch. A variant cannot see, signal or trace it. It ends when standard input closes, and
 * with it everything else: so nothing outlives a killed parent.
 */
export const driverScript = String.raw`
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const tailBytes = 16384;
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const running = new Map();
const missing = new Set();
let plan;
let next = 0;
// Of all batches: a variant's layer has a number of its own.
let slots = 0;
let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(1));
process.stdin.on('error', () => process.exit(1));
process.stdin.on('data', (chunk) => {
  text += chunk;
  if (!text.endsWith('\n')) return;
  begin(JSON.parse(text));
  text = '';
});
setInterval(watchMemory, 250).unref();

function begin(given) {
  plan = given;
  next = 0;
  if (plan.variants.length === 0) say({ event: 'ended' });
  for (let i = 0; i < Math.min(plan.concurrency, plan.variants.length); i++) startNext();
}

function startNext() {
  if (next >= plan.variants.length) {
    if (running.size === 0) say({ event: 'ended' });
    return;
  }
  const index = next++;
  const variant = plan.variants[index];
  const slot = String(slots++);
  const input = join('/graft/in', slot);
  mkdirSync(input);
  if (plan.dependencies) mkdirSync(join(input, 'node_modules'));
  for (const [path, text] of Object.entries(variant.files)) {
    mkdirSync(dirname(join(input, path)), { recursive: true });
    writeFileSync(join(input, path), text);
  }
  const startedMs = performance.now();
  const limits = plan.limits;
  const child = spawn('unshare', [
    '--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts', '--kill-child=SIGKILL', '--fork', '--propagation', 'private',
    'sh', '/graft/variant.sh', slot, plan.dependencies ? '1' : '0',
    String(limits.diskBytes), String(limits.memoryBytes), String(limits.fileBytes), String(limits.processes), ...variant.command,
  ], { cwd: '/', env: { ...plan.environment, ...variant.environment }, stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] });
  const state = { child, ending: undefined, output: [], outputBytes: 0, report: [], reportBytes: 0, signs: '' };
  running.set(child.pid, state);
  const end = (why) => { state.ending ??= why; child.kill('SIGKILL'); };
  const timer = setTimeout(() => end('timedOut'), variant.timeoutMs ?? limits.timeoutMs);
  const print = (chunk) => {
    state.outputBytes += chunk.length;
    state.output.push(chunk);
    while (state.output.length > 1 && sizeOf(state.output) - state.output[0].length > tailBytes) state.output.shift();
    if (state.outputBytes > limits.outputBytes) end('tooMuchOutput');
  };
  child.stdout.on('data', print);
  child.stderr.on('data', print);
  child.stdio[3].on('data', (chunk) => {
    state.reportBytes += chunk.length;
    if (state.reportBytes > limits.outputBytes) return end('tooMuchOutput');
    state.report.push(chunk);
  });
  child.stdio[4].setEncoding('utf8');
  child.stdio[4].on('data', (chunk) => { state.signs += chunk; });
  for (const stream of [child.stdout, child.stderr, child.stdio[3], child.stdio[4]]) stream.on('error', () => {});
  let over = false;
  const finish = (code) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    running.delete(child.pid);
    rmSync(input, { recursive: true, force: true });
    for (const line of state.signs.split('\n')) if (line.startsWith('missing ')) missing.add(line.slice(8));
    const output = Buffer.concat(state.output).subarray(-tailBytes).toString('utf8');
    if (!state.signs.includes('ready') && state.ending === undefined) say({ event: 'notStarted', index, why: output.slice(-500) });
    else {
      const outcome = state.ending ?? (code === null ? 'killed' : 'exited');
      say({
        event: 'result', index, outcome, status: outcome === 'exited' ? code : -1,
        report: Buffer.concat(state.report).toString('utf8'), output, durationMs: performance.now() - startedMs, missing: [...missing],
      });
    }
    startNext();
  };
  // 'close' waits for the pipes, which die with the variant's last process: no process is left when the next one starts.
  child.on('close', finish);
  child.on('error', () => finish(null));
}

function sizeOf(chunks) {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** RLIMIT_DATA bounds one process; this bounds their sum, shared memory included. The variant of the largest process ends. */
function watchMemory() {
  if (running.size === 0) return;
  let sum = 0;
  let largest = { pid: 0, bytes: 0 };
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name) || name === '1') continue;
    try {
      const status = readFileSync('/proc/' + name + '/status', 'utf8');
      const field = (key) => Number((new RegExp('^' + key + ':\\s+(\\d+)', 'm').exec(status) ?? [0, 0])[1]);
      const bytes = (field('RssAnon') + field('RssShmem')) * 1024;
      parents.set(Number(name), field('PPid'));
      sum += bytes;
      if (bytes > largest.bytes) largest = { pid: Number(name), bytes };
    } catch {
      // It ended meanwhile.
    }
  }
  if (sum <= plan.limits.memoryBytes) return;
  let pid = largest.pid;
  while (pid > 1 && !running.has(pid)) pid = parents.get(pid) ?? 0;
  const state = running.get(pid);
  if (state === undefined) return;
  state.ending ??= 'killed';
  state.child.kill('SIGKILL');
}
`;
