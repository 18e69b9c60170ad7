// What WebGPU has no kernel for runs on the CPU, silently: this says what that is. A new operation here costs a copy to the CPU and back on each run.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import type { Runtime } from '../../server/engine/runtime/runtime.ts';
import { checkDecoding, checkLossAndGradient } from '../support/checkTorchFixture.ts';
import { loadTorchFixture, type TorchFixture } from '../support/torchFixture.ts';

const eventSchema = z.object({
  cat: z.literal('Node'),
  name: z.string().endsWith('_kernel_time'),
  args: z.object({ op_name: z.string(), provider: z.string(), input_type_shape: z.array(z.record(z.string(), z.unknown())) }),
});

/** Operations of the CPU that are not on 64-bit integers (shapes, axes, places to gather from, which stay on the CPU by design), each with how often it ran. */
function onCpu(folder: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const file of readdirSync(folder)) {
    const events = z.array(z.unknown()).parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    for (const event of events) {
      const { data } = eventSchema.safeParse(event);
      if (data === undefined || data.args.provider !== 'CPUExecutionProvider') continue;
      if (data.args.input_type_shape.every((input) => Object.keys(input).every((type) => type === 'int64'))) continue;
      counts[data.args.op_name] = (counts[data.args.op_name] ?? 0) + 1;
    }
  }
  return counts;
}

describe('on WebGPU the CPU runs', () => {
  let fixture: TorchFixture;
  beforeAll(async () => {
    fixture = await loadTorchFixture('qwen2');
  });
  afterAll(() => fixture.dispose());

  const cases: readonly { readonly what: string; readonly runs: number; readonly check: (runtime: Runtime, fixture: TorchFixture) => Promise<void>; readonly perRun: Record<string, number> }[] = [
    // The Scan is the loop over the head's chunks; its products run on the GPU.
    { what: 'angles of positions and the loop of the head, once a training step', runs: 1, check: checkLossAndGradient, perRun: { Cos: 1, Sin: 1, Scan: 1 } },
    { what: 'angles of positions, once a decoded token', runs: 6, check: checkDecoding, perRun: { Cos: 1, Sin: 1 } },
  ];
  for (const { what, runs, check, perRun } of cases) {
    it(what, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'graft-placement-'));
      try {
        const runtime = onnxruntimeRuntime({ threads: 1, device: 'webgpu', profilePrefix: join(folder, 'run') });
        await check(runtime, fixture);
        await runtime.dispose();
        expect(onCpu(folder)).toEqual(Object.fromEntries(Object.entries(perRun).map(([op, count]) => [op, count * runs])));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
