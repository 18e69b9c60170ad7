// The conversation with the process inside the sandbox: a batch goes in as one line of JSON, each result comes out as one. Whoever starts it holds its
// standard input, and when that closes everything inside ends.
import { spawn } from 'node:child_process';
import { assert } from '../base/assert.ts';
import { Cancelled } from '../base/cancellation.ts';
import { defaultSandboxLimits } from '../base/sandbox.ts';
import type { SandboxBatch, SandboxBatchResult, SandboxLimits, SandboxResult } from '../base/sandbox.ts';

export interface SandboxDriver {
  /** One at a time. */
  run(batch: SandboxBatch, options: { readonly startedMs: number; readonly dependencies: boolean }): Promise<SandboxBatchResult>;
  /** It has ended, with all its processes. */
  readonly isOver: boolean;
  end(): Promise<void>;
}

const endsWithinMs = 2000;

/** What is said while a batch runs. */
interface Listener {
  onEvent(event: DriverEvent): void;
  onOver(): void;
}

export function startDriver([program = '', ...args]: readonly string[], path: string): SandboxDriver {
  // Its own session: no terminal, and a kill of the group reaches what has not yet entered a namespace.
  const child = spawn(program, args, { cwd: '/', env: { PATH: path }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let listener: Listener | undefined;
  let complaint = '';
  let partial = '';
  let isOver = false;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    const lines = (partial + chunk).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      const event = parseEvent(line);
      if (event !== null) listener?.onEvent(event);
    }
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  child.stdin.on('error', () => {});
  const over = new Promise<void>((resolve) => {
    const onOver = (): void => {
      isOver = true;
      listener?.onOver();
      resolve();
    };
    child.on('error', onOver);
    child.on('close', onOver);
  });

  // Its namespace's first process is reaped when all others there are, so what is asked to end leaves nothing when it is over; killed from outside it may,
  // for a moment. One that does not hear, still being set up or stuck, is killed with all that it started.
  const askToEnd = (): void => {
    child.stdin.destroy();
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    void over.then(() => clearTimeout(timer));
  };

  const run: SandboxDriver['run'] = (batch, { startedMs, dependencies }) => {
    assert(listener === undefined, 'one batch at a time');
    const limits: SandboxLimits = { ...defaultSandboxLimits, ...batch.limits };
    const concurrency = batch.concurrency ?? 2;
    return new Promise((resolve, reject) => {
      const results: (SandboxResult | undefined)[] = batch.variants.map(() => undefined);
      const missing = new Set<string>();
      let startMs: number | undefined;
      let notStarted: string | undefined;
      let cancelled = false;

      const kill = () => child.kill('SIGKILL');
      const onAbort = () => {
        cancelled = true;
        askToEnd();
      };
      batch.signal?.addEventListener('abort', onAbort, { once: true });
      // The driver bounds each variant; this bounds the driver.
      const rounds = Math.ceil(batch.variants.length / concurrency);
      const longestMs = Math.max(limits.timeoutMs, ...batch.variants.map(({ timeoutMs }) => timeoutMs ?? 0));
      const timer = setTimeout(kill, rounds * (longestMs + 1000) + 10_000);

      const settle = () => {
        listener = undefined;
        clearTimeout(timer);
        batch.signal?.removeEventListener('abort', onAbort);
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
      listener = {
        onOver: settle,
        onEvent(event) {
          // A cancelled one is over when its processes are.
          if (event.kind === 'ended') return cancelled ? undefined : settle();
          startMs ??= performance.now() - startedMs - (event.kind === 'result' ? event.durationMs : 0);
          if (event.kind === 'notStarted') {
            notStarted ??= event.why;
            return;
          }
          const variant = batch.variants[event.index];
          if (variant === undefined) return;
          const result: SandboxResult = { ...event.result, id: variant.id };
          results[event.index] = result;
          for (const what of event.missing) missing.add(what);
          batch.onResult?.(result);
        },
      };
      if (isOver) return settle();
      child.stdin.write(`${JSON.stringify(planOf(batch, { limits, concurrency, dependencies }))}\n`);
    });
  };

  return {
    run,
    get isOver() {
      return isOver;
    },
    async end() {
      askToEnd();
      await over;
    },
  };
}

function planOf(batch: SandboxBatch, { limits, concurrency, dependencies }: { readonly limits: SandboxLimits; readonly concurrency: number; readonly dependencies: boolean }): unknown {
  return {
    concurrency,
    limits,
    dependencies,
    environment: { PATH: '/toolchain/bin:/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', CI: '1' },
    variants: batch.variants.map(({ files, command, environment, timeoutMs }) => ({ files, command, environment, timeoutMs })),
  };
}

type DriverEvent =
  /** Of the batch. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'notStarted'; readonly why: string }
  | { readonly kind: 'result'; readonly index: number; readonly result: Omit<SandboxResult, 'id'>; readonly durationMs: number; readonly missing: string[] };

/** The driver is ours, but what it quotes is not: every field is checked, and a line that is not an event is dropped. */
function parseEvent(line: string): DriverEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  if (fields['event'] === 'ended') return { kind: 'ended' };
  if (fields['event'] === 'notStarted') return { kind: 'notStarted', why: String(fields['why']) };
  const index = fields['index'];
  const outcome = outcomes.find((name) => name === fields['outcome']);
  if (fields['event'] !== 'result' || outcome === undefined || typeof index !== 'number') return null;
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

