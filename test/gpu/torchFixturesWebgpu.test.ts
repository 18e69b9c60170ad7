// onnxruntime's WebGPU provider against numbers that torch computed (test/fixtures/torch/make.py): the family with biases trains and decodes, the one
// that normalises each head gives loss and gradient. What only concerns the layout of the work is tested on the CPU.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { checkDecoding, checkLossAndGradient, checkScoring, checkTraining } from '../support/checkTorchFixture.ts';
import { loadTorchFixture, type TorchFixture } from '../support/torchFixture.ts';

for (const name of ['qwen2', 'qwen3'] as const) {
  describe(`WebGPU on the ${name} fixture`, () => {
    const runtime = onnxruntimeRuntime({ threads: 1, device: 'webgpu' });
    let fixture: TorchFixture;
    beforeAll(async () => {
      fixture = await loadTorchFixture(name);
    });
    afterAll(async () => {
      await runtime.dispose();
      fixture.dispose();
    });

    it('finds the loss and the gradient that torch finds', () => checkLossAndGradient(runtime, fixture));
    if (name === 'qwen2') {
      it('scores as it trains', () => checkScoring(runtime, fixture));
      it('decodes through the cache what torch decodes from scratch', () => checkDecoding(runtime, fixture));
      it('trains ten steps as torch does', () => checkTraining(runtime, fixture));
    }
  });
}
