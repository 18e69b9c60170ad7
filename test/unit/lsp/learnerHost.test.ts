// The owner of the learner thread: what a new thread is told, and what happens when one dies.
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import { LearnerHost } from '../../../server/lsp/learner/learnerHost.ts';
import type { LearnerEvent, LearnerOpen } from '../../../server/protocol/learner.ts';
import { ScriptedThread } from '../../support/scriptedLearner.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

const open: LearnerOpen = {
  type: 'open',
  folder: '/repo',
  installationRoot: '/graft',
  cacheFolder: '/cache',
  seed: 1,
  runTests: false,
  approvedEmails: null,
  settings: { enabled: true, budgetMsPerHour: null, sleepWhenIdle: true },
};

function hosted(heard: () => void = () => undefined) {
  const clock = new WaitingClock();
  const threads: ScriptedThread[] = [];
  const events: LearnerEvent[] = [];
  const deaths: (number | null)[] = [];
  const host = new LearnerHost(
    {
      clock,
      start: () => {
        const thread = new ScriptedThread();
        threads.push(thread);
        return thread;
      },
      onEvent: (event) => {
        events.push(event);
        heard();
      },
      onDeath: (_, restartMs) => deaths.push(restartMs),
    },
    open,
  );
  return { clock, threads, events, deaths, host };
}

const last = (threads: readonly ScriptedThread[]): ScriptedThread => threads.at(-1) as ScriptedThread;

describe('the learner host', () => {
  it('tells a new thread what the old one knew', async () => {
    const { clock, threads, host } = hosted();
    const state = { kind: 'onBranch', branch: 'main', head: 'a' } as const;
    const settings = { ...open.settings, when: 'manual' } as const;
    host.tell({ type: 'repository', state });
    host.tell({ type: 'pause' });
    host.tell({ type: 'power', onBattery: true });
    host.tell({ type: 'settings', settings });
    last(threads).die(new Error('out of memory'));
    await clock.advance(1_000);
    expect(threads).toHaveLength(2);
    expect(last(threads).posted).toEqual([{ ...open, settings }, { type: 'pause' }, { type: 'power', onBattery: true }, { type: 'repository', state }]);
  });

  it('waits longer after each death, and long after many', async () => {
    const { clock, threads, deaths } = hosted();
    for (let death = 0; death < 6; death++) {
      last(threads).die();
      await clock.advance(deaths.at(-1) ?? 0);
    }
    expect(deaths).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, null]);
    expect(threads).toHaveLength(6);
    await clock.advance(10 * 60_000);
    expect(threads).toHaveLength(7);
  });

  it('brings answers back to who asked, and refusals as errors with their code', async () => {
    const { threads, host } = hosted();
    const ask = { type: 'retrain', version: 'v', strike: [], restore: [], edits: [] } as const;
    const first = host.ask({ ...ask, strike: [], restore: [], edits: [] });
    const second = host.ask({ ...ask, strike: [], restore: [], edits: [] });
    last(threads).say({ type: 'refused', id: 2, code: 'nothingStruck', message: 'Nothing is struck out.' });
    last(threads).say({ type: 'answered', id: 1, version: 'w', promoted: true, text: 'learnt' });
    await expect(second).rejects.toMatchObject({ code: 'nothingStruck', message: 'Nothing is struck out.' });
    expect(await first).toMatchObject({ version: 'w', promoted: true });
  });

  it('refuses what was asked of a thread that dies, and what is asked while there is none', async () => {
    const { threads, host } = hosted();
    const request = { type: 'retrain' as const, version: 'v', strike: [], restore: [], edits: [] };
    const asked = host.ask(request);
    last(threads).die();
    await expect(asked).rejects.toMatchObject({ code: 'learnerGone' });
    await expect(host.ask(request)).rejects.toMatchObject({ code: 'learnerGone' });
  });

  const outcome: LearnerEvent = { type: 'outcome', kind: 'promoted', branch: 'main', commits: ['a'], version: 'v', text: 'promoted' };
  const ends: readonly LearnerEvent[] = [outcome, { type: 'nothing', reason: 'alreadyKnown' }, { type: 'failed', code: 'noSpace', message: '' }, { type: 'standing', standing: { kind: 'idle' } }];
  it.each(ends)('knows who asked to learn until the cycle ends: $type', (end) => {
    const asked: boolean[] = [];
    const { threads, host } = hosted(() => asked.push(host.isAsked));
    host.tell({ type: 'learnNow' });
    for (const event of [{ type: 'standing', standing: { kind: 'learning' } }, end, { type: 'nothing', reason: 'alreadyKnown' }] as const) last(threads).say(event);
    expect(asked).toEqual([true, true, false]);
  });

  it('tells the thread that an ask was given up, and answers what it then says', async () => {
    const { threads, host } = hosted();
    const request = { type: 'retrain' as const, version: 'v', strike: [], restore: [], edits: [] };
    const giveUp = new AbortController();
    const [asked, finished] = [host.ask(request, giveUp.signal), host.ask(request, giveUp.signal)];
    last(threads).say({ type: 'answered', id: 2, version: 'w', promoted: true, text: 'learnt' });
    await finished;
    giveUp.abort();
    expect(last(threads).posted.filter(({ type }) => type === 'withdraw')).toEqual([{ type: 'withdraw', id: 1 }]);
    last(threads).say({ type: 'refused', id: 1, code: 'cancelled', message: 'Stopped.' });
    await expect(asked).rejects.toBeInstanceOf(Cancelled);
    await expect(host.ask(request, giveUp.signal)).rejects.toBeInstanceOf(Cancelled);
    expect(last(threads).posted.filter(({ type }) => type === 'retrain')).toHaveLength(2);
  });

  it('closes the thread and starts no other', async () => {
    const { clock, threads, deaths, host } = hosted();
    await host.dispose();
    expect(last(threads).posted.at(-1)).toEqual({ type: 'close' });
    expect(last(threads).terminated).toBe(true);
    last(threads).die();
    await clock.advance(60_000);
    expect({ threads: threads.length, deaths }).toEqual({ threads: 1, deaths: [] });
  });
});
