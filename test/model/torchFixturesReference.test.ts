// The reference executor against torch (test/fixtures/torch/make.py): three families, packed batches, cached decoding, ten training steps.
import { it } from 'vitest';
import { referenceRuntime } from '../../server/engine/runtime/reference/referenceRuntime.ts';
import { nodeLargeFiles } from '../../server/host/nodeLargeFiles.ts';
import { checkDecoding, checkLayouts, checkLossAndGradient, checkScoring, checkTraining } from '../support/checkTorchFixture.ts';
import { hasTraining, torchFixtureNames } from '../support/torchFixture.ts';
import { torchSuite } from '../support/torchSuite.ts';

for (const name of torchFixtureNames) {
  const runtime = referenceRuntime({ readRange: nodeLargeFiles.readRange });
  torchSuite('the reference executor', name, runtime, (fixture) => {
    it('finds the loss and the gradient that torch finds', () => checkLossAndGradient(runtime, fixture()));
    it('scores as torch does', () => checkScoring(runtime, fixture()));
    it('gives the same packed or not, together or one at a time', () => checkLayouts(runtime, fixture()));
    it('decodes through the cache what torch decodes from scratch', () => checkDecoding(runtime, fixture()));
    if (hasTraining(name)) it('trains ten steps as torch does', () => checkTraining(runtime, fixture()));
  });
}
