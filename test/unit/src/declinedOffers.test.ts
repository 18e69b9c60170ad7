// What was declined stays declined in every window.
import { expect, it } from 'vitest';
import { declinedOffers } from '../../../src/declinedOffers.ts';

function memory() {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string, otherwise?: T) => (values.get(key) as T | undefined) ?? (otherwise as T),
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

it('remembers what was declined in another window, the newest 200', () => {
  const shared = memory();
  const first = declinedOffers(shared);
  for (let at = 0; at < 201; at++) first.add(`offer ${at}`);
  const second = declinedOffers(shared);
  expect([second.has('offer 200'), second.has('offer 1'), second.has('offer 0'), second.has('other')]).toEqual([true, true, false, false]);
});
