// Hashing in slices is hashing, and lets other work in between.
import { expect, it } from 'vitest';
import { sha256, sha256InSlices } from '../../../server/base/hash.ts';

it.each([0, 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])('%i bytes have the same hash in slices', async (length) => {
  const data = new Uint8Array(length).fill(31);
  expect(await sha256InSlices(data)).toBe(sha256(data));
});

it('other work runs before a large hash is done', async () => {
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await sha256InSlices(new Uint8Array(4 * 1024 * 1024));
  done = true;
  expect(turns).toBeGreaterThan(1);
});
