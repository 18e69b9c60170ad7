// onnxruntime against numbers that torch computed (test/fixtures/torch/make.py).
import { afterAll, beforeAll, describe, it } from 'vitest';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { checkDecoding, checkLayouts, checkLossAndGradient, checkScoring, checkTraining } from '../support/checkTorchFixture.ts';
import { loadTorchFixture, torchFixtureNames, type TorchFixture } from '../support/torchFixture.ts';

for (const name of torchFixtureNames) {
  describe(`onnxruntime on the ${name} fixture`, () => {
    const runtime = onnxruntimeRuntime({ threads: 1 });
    let fixture: TorchFixture;
    beforeAll(async () => {
      fixture = await loadTorchFixture(name);
    });
    afterAll(async () => {
      await runtime.dispose();
      fixture.dispose();
    });

    it('finds the loss and the gradient that torch finds', () => checkLossAndGradient(runtime, fixture));
    it('scores as it trains', () => checkScoring(runtime, fixture));
    it('gives the same packed or not, together or one at a time', () => checkLayouts(runtime, fixture));
    it('decodes through the cache what torch decodes from scratch', () => checkDecoding(runtime, fixture));
    if (name === 'qwen2') it('trains ten steps as torch does', () => checkTraining(runtime, fixture));
  });
}
