// What the learner's engine holds against what it may.
import { expect, it } from 'vitest';
import { watchMemory } from '../../../server/memoryWatch.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

it('says once that it is more, and looks no longer', async () => {
  const clock = new WaitingClock();
  const held = [10, null, 99, 101, 500];
  const looked: (number | null)[] = [];
  const over: number[] = [];
  const bytesInUse = async (): Promise<number | null> => {
    const bytes = held[looked.length] ?? null;
    looked.push(bytes);
    return bytes;
  };
  watchMemory({ clock, bytesInUse, mostBytes: 100, onOver: (bytes) => over.push(bytes) });
  await clock.advance(0);
  await clock.advance(10_000);
  expect(over).toEqual([101]);
  expect(looked).toEqual([10, null, 99, 101]);
});

it('ends when it is told to', async () => {
  const clock = new WaitingClock();
  let looks = 0;
  const watch = watchMemory({ clock, bytesInUse: async () => ++looks, mostBytes: 2, onOver: () => expect.unreachable() });
  await clock.advance(0);
  watch.dispose();
  await clock.advance(60_000);
  expect(looks).toBe(1);
});
