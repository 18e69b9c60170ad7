// Asks that are withdrawn: refused at once while they wait, told to stop while they run.
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import { WithdrawableAsks } from '../../../server/withdrawableAsks.ts';

/** Work that waits for its turn, then runs until it is told how it ends. */
function asked(asks: WithdrawableAsks, id: number) {
  let takeTurn: () => void = () => undefined;
  let end: (answer: string) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const turn = new Promise<void>((resolve) => (takeTurn = resolve));
  const ended = new Promise<string>((resolve) => (end = resolve));
  let worked = false;
  const answer = asks.run(id, async (withdrawn, begin) => {
    signal = withdrawn;
    await turn;
    begin();
    worked = true;
    return ended;
  });
  return { answer, takeTurn, end, withdrawn: () => signal?.aborted, worked: () => worked };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an ask that is withdrawn', () => {
  it('while it waits is refused at once, and does nothing when its turn comes', async () => {
    const asks = new WithdrawableAsks();
    const one = asked(asks, 1);
    asks.withdraw(1);
    await expect(one.answer).rejects.toBeInstanceOf(Cancelled);
    one.takeTurn();
    await settled();
    expect(one.worked()).toBe(false);
  });

  it('while it runs is told to stop, and answers with what it came to', async () => {
    const asks = new WithdrawableAsks();
    const one = asked(asks, 1);
    one.takeTurn();
    await settled();
    asks.withdraw(1);
    expect(one.withdrawn()).toBe(true);
    one.end('recorded before');
    expect(await one.answer).toBe('recorded before');
  });

  it('is the one of that id, and none that has ended', async () => {
    const asks = new WithdrawableAsks();
    const [one, two] = [asked(asks, 1), asked(asks, 2)];
    for (const each of [one, two]) each.takeTurn();
    await settled();
    one.end('done');
    await one.answer;
    asks.withdraw(1);
    asks.withdraw(7);
    expect([one.withdrawn(), two.withdrawn()]).toEqual([false, false]);
    two.end('done');
    await two.answer;
  });
});
