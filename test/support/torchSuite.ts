// The frame of the suites that hold an executor against torch: a fixture and a runtime of their own, let go of at the end.
import { afterAll, beforeAll, describe } from 'vitest';
import type { Runtime } from '../../server/engine/runtime/runtime.ts';
import { loadTorchFixture, type TorchFixture, type TorchFixtureName } from './torchFixture.ts';

export function torchSuite(executor: string, name: TorchFixtureName, runtime: Runtime, tests: (fixture: () => TorchFixture) => void): void {
  describe(`${executor} on the ${name} fixture`, () => {
    let fixture: TorchFixture;
    beforeAll(async () => {
      fixture = await loadTorchFixture(name);
    });
    afterAll(async () => {
      await runtime.dispose();
      fixture.dispose();
    });
    tests(() => fixture);
  });
}
