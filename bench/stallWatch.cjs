// Loaded into the language server by the bench (`--require`): writes down each time that its event loop did not come round for a while, with the
// share of that time that its own thread had a processor. The rest it waited for one: on a busy machine that is most. JavaScript, since Node
// loads it before anything that could read TypeScript. GRAFT_STALLS names the file.
const { closeSync, openSync, readSync, writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const leastMs = 4;

if (isMainThread && process.env.GRAFT_STALLS) {
  const out = openSync(process.env.GRAFT_STALLS, 'a');
  const bytes = Buffer.alloc(96);
  /** Milliseconds that this thread has run; NaN where the system does not say (Linux does). */
  const ownMs = (() => {
    try {
      const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
      process.on('exit', () => closeSync(file));
      return () => Number.parseInt(bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0)), 10) / 1e6;
    } catch {
      return () => Number.NaN;
    }
  })();
  let lastMs = performance.now();
  let lastOwnMs = ownMs();
  setInterval(() => {
    const nowMs = performance.now();
    const nowOwnMs = ownMs();
    if (nowMs - lastMs >= leastMs) writeSync(out, `${JSON.stringify({ endMs: performance.timeOrigin + nowMs, milliseconds: nowMs - lastMs, ownMs: nowOwnMs - lastOwnMs })}\n`);
    lastMs = nowMs;
    lastOwnMs = nowOwnMs;
  }, 1).unref();
}
