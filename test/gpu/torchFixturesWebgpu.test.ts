// onnxruntime's WebGPU provider against numbers that torch computed (test/fixtures/torch/make.py): the family with biases trains and decodes, the one
// that normalises each head gives loss and gradient. What only concerns the layout of the work is tested on the CPU.
import { it } from 'vitest';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { checkDecoding, checkLossAndGradient, checkScoring, checkTraining } from '../support/checkTorchFixture.ts';
import { hasTraining } from '../support/torchFixture.ts';
import { torchSuite } from '../support/torchSuite.ts';

for (const name of ['qwen2', 'qwen3'] as const) {
  const runtime = onnxruntimeRuntime({ threads: 1, device: 'webgpu' });
  torchSuite('WebGPU', name, runtime, (fixture) => {
    it('finds the loss and the gradient that torch finds', () => checkLossAndGradient(runtime, fixture()));
    if (!hasTraining(name)) return;
    it('scores as it trains', () => checkScoring(runtime, fixture()));
    it('decodes through the cache what torch decodes from scratch', () => checkDecoding(runtime, fixture()));
    it('trains ten steps as torch does', () => checkTraining(runtime, fixture()));
  });
}
