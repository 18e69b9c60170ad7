// The loop carries out decisions: it learns after the commit has settled, one cycle at a time, and stops what it is told to stop.
import { describe, expect, test } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import { learning } from '../../../server/learning/constants.ts';
import { LearnerLoop } from '../../../server/learning/learnerLoop.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

class Crash extends Error {}

function loopWith(work: (signal: AbortSignal) => Promise<void>) {
  const clock = new WaitingClock();
  const seen: string[] = [];
  const loop = new LearnerLoop({
    clock,
    settings: { enabled: true, budgetMsPerHour: null, sleepWhenIdle: true },
    async learn({ branch, head }, signal) {
      seen.push(`learn ${branch} ${head}`);
      await work(signal);
      seen.push('learnt');
    },
    async sleep({ branch }) {
      seen.push(`sleep ${branch}`);
    },
    onServe: ({ branch }) => seen.push(`serve ${branch}`),
    onTell: (why) => seen.push(`tell ${why}`),
    onFailure: (error) => seen.push(error instanceof Error ? error.constructor.name : 'error'),
    isCrash: (error) => error instanceof Crash,
  });
  const onMain = (head: string) => loop.handle({ kind: 'repository', state: { kind: 'onBranch', branch: 'main', head } });
  return { clock, seen, loop, onMain };
}

describe('the learner loop', () => {
  test('learns a commit once it has settled, then sleeps when the machine is idle', async () => {
    const { clock, seen, onMain } = loopWith(async () => undefined);
    onMain('a');
    expect(seen).toEqual(['serve main']);
    await clock.advance(learning.settleMs);
    expect(seen).toEqual(['serve main', 'learn main a', 'learnt']);
    await clock.advance(learning.idleMs);
    expect(seen.at(-1)).toBe('sleep main');
  });

  test('a burst of commits is learnt as the newest one', async () => {
    const { clock, seen, onMain } = loopWith(async () => undefined);
    onMain('a');
    await clock.advance(learning.settleMs / 2);
    onMain('b');
    await clock.advance(learning.settleMs * 2);
    expect(seen.filter((line) => line.startsWith('learn '))).toEqual(['learn main b']);
  });

  test('cancelling aborts the running cycle', async () => {
    const { clock, seen, loop, onMain } = loopWith(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Cancelled()))),
    );
    onMain('a');
    await clock.advance(learning.settleMs);
    loop.handle({ kind: 'cancel' });
    await loop.dispose();
    expect(seen).toEqual(['serve main', 'learn main a']);
  });

  test('a crashed engine is asked again, a bounded number of times', async () => {
    const { clock, seen, onMain } = loopWith(() => Promise.reject(new Crash()));
    onMain('a');
    await clock.advance(learning.settleMs);
    for (let i = 0; i < 10; i++) await clock.advance(learning.retryDelayMs);
    expect(seen.filter((line) => line.startsWith('learn '))).toHaveLength(learning.crashRetries + 1);
    expect(seen.at(-1)).toBe('tell engineCrashed');
  });

  test('after it is disposed nothing begins', async () => {
    const { clock, seen, loop, onMain } = loopWith(async () => undefined);
    onMain('a');
    await loop.dispose();
    await clock.advance(learning.settleMs * 2);
    onMain('b');
    expect(seen).toEqual(['serve main']);
  });

  test('work that needs the engine for itself follows what runs, and nothing begins beside it', async () => {
    let finish = (): void => undefined;
    const { clock, seen, loop, onMain } = loopWith(() => new Promise<void>((resolve) => (finish = resolve)));
    onMain('a');
    await clock.advance(learning.settleMs);
    const alone = loop.alone(async () => {
      seen.push('alone');
      onMain('b');
      await clock.advance(learning.settleMs * 2);
      return 'done';
    });
    await clock.advance(1);
    expect(seen).toEqual(['serve main', 'learn main a']);
    finish();
    expect(await alone).toBe('done');
    await clock.advance(1);
    expect(seen).toEqual(['serve main', 'learn main a', 'learnt', 'alone', 'learn main b']);
  });

  test('cancelling stops such work too', async () => {
    const { loop } = loopWith(async () => undefined);
    const alone = loop.alone((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Cancelled()))));
    await new Promise((resolve) => setImmediate(resolve));
    loop.handle({ kind: 'cancel' });
    await expect(alone).rejects.toThrow(Cancelled);
  });
});
