// The adapter that serves, where its model goes while it is being loaded.
import { expect, it } from 'vitest';
import type { LanguageModel } from '../../../server/languageModel/languageModel.ts';
import { AdapterSwap } from '../../../server/lsp/serving/adapterSwap.ts';

const served = { version: 'v1', folder: '/versions/v1', notices: [] };

function swapping() {
  const actives: (string | null)[] = [];
  const released: string[] = [];
  const swap = new AdapterSwap(({ adapter }) => actives.push(adapter));
  let end: { resolve(adapter: string): void; reject(error: Error): void } = { resolve: () => undefined, reject: () => undefined };
  const model = {
    loadAdapter: () => new Promise<string>((resolve, reject) => (end = { resolve, reject })),
    release: async (adapter: string) => void released.push(adapter),
  } as unknown as LanguageModel;
  return { swap, model, actives, released, loads: (adapter: string) => end.resolve(adapter), fails: () => end.reject(new Error('The engine ended.')) };
}

it('swaps to an adapter once it is loaded', async () => {
  const { swap, model, actives, loads } = swapping();
  const serving = swap.serve(served, model);
  loads('a1');
  expect(await serving).toBe(true);
  expect({ actives, version: swap.version, adapter: swap.adapter }).toEqual({ actives: ['a1'], version: 'v1', adapter: 'a1' });
});

it.each(['forget', 'dispose'] as const)('serves nothing of a model that went while it loaded: %s', async (how) => {
  const { swap, model, actives, released, loads } = swapping();
  const serving = swap.serve(served, model);
  await swap[how]();
  loads('a1');
  expect(await serving).toBe(false);
  expect({ actives, released, version: swap.version, adapter: swap.adapter }).toEqual({ actives: [null], released: ['a1'], version: null, adapter: null });
});

it('tells no failure of a model that is gone, and that of one that is there', async () => {
  const gone = swapping();
  const serving = gone.swap.serve(served, gone.model);
  gone.swap.forget();
  gone.fails();
  expect(await serving).toBe(false);
  const there = swapping();
  const failing = there.swap.serve(served, there.model);
  there.fails();
  await expect(failing).rejects.toThrow('The engine ended.');
});
