// A sandbox that runs nothing: a script says how each test file ends, given the files that were replaced.
import type { OpenSandbox, Sandbox, SandboxBatch, SandboxGround, SandboxResult } from '../../server/base/sandbox.ts';

export type ScriptedEnding = 'passes' | 'fails' | 'hangs' | 'endsEarly';

/** `ask` counts calls per test file, so that a script can be flaky. */
export function scriptedSandbox(ending: (run: { readonly test: string; readonly files: Readonly<Record<string, string>>; readonly call: number }) => ScriptedEnding) {
  const calls = new Map<string, number>();
  const batches: (SandboxGround & SandboxBatch)[] = [];
  let isOpen = false;
  const openOn = (ground: SandboxGround): OpenSandbox => ({
    async run(batch) {
      isOpen = true;
      batches.push({ ...ground, ...batch });
      const results = batch.variants.map(({ id, files, command }): SandboxResult => {
        const test = command.at(-1) ?? '';
        const call = (calls.get(test) ?? 0) + 1;
        calls.set(test, call);
        const ended = ending({ test, files, call });
        const report = ended === 'passes' ? 'ok 1 - one\nok 2 - two\n1..2\n' : ended === 'fails' ? 'ok 1 - one\nnot ok 2 - two\n1..2\n' : 'ok 1 - one\n';
        const outcome = ended === 'hangs' ? 'timedOut' : 'exited';
        return { id, outcome, status: outcome === 'timedOut' ? -1 : ended === 'fails' ? 1 : 0, report, output: '', durationMs: 10 };
      });
      results.forEach((result) => batch.onResult?.(result));
      return { kind: 'ran', results, startMs: 1, missing: [] };
    },
    async close() {
      isOpen = false;
    },
  });
  const sandbox: Sandbox = {
    open: openOn,
    checkContainment: async () => ({ kind: 'contained', checks: [] }),
  };
  return { sandbox, batches, isOpen: () => isOpen, runs: () => batches.reduce((sum, { variants }) => sum + variants.length, 0) };
}

export function absentSandbox(why: string): Sandbox {
  return { open: () => ({ run: async () => ({ kind: 'sandboxUnavailable', why }), close: async () => {} }), checkContainment: async () => ({ kind: 'sandboxUnavailable', why }) };
}
