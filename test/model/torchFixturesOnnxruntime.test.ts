// onnxruntime against numbers that torch computed (test/fixtures/torch/make.py).
import { it } from 'vitest';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { checkDecoding, checkLayouts, checkLossAndGradient, checkScoring, checkTraining } from '../support/checkTorchFixture.ts';
import { hasTraining, torchFixtureNames } from '../support/torchFixture.ts';
import { torchSuite } from '../support/torchSuite.ts';

for (const name of torchFixtureNames) {
  const runtime = onnxruntimeRuntime({ threads: 1 });
  torchSuite('onnxruntime', name, runtime, (fixture) => {
    it('finds the loss and the gradient that torch finds', () => checkLossAndGradient(runtime, fixture()));
    it('scores as it trains', () => checkScoring(runtime, fixture()));
    it('gives the same packed or not, together or one at a time', () => checkLayouts(runtime, fixture()));
    it('decodes through the cache what torch decodes from scratch', () => checkDecoding(runtime, fixture()));
    if (hasTraining(name)) it('trains ten steps as torch does', () => checkTraining(runtime, fixture()));
  });
}
