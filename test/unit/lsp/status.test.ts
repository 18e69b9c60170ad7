// What the user sees of learning: the learner's events as a status, and the status sent to the editor not too often.
import { describe, expect, it } from 'vitest';
import { learningAfter, learningAfterDeath } from '../../../server/lsp/learner/learnerStatus.ts';
import { StatusNotifier } from '../../../server/lsp/statusNotifier.ts';
import type { RepositoryStatus, Status } from '../../../server/protocol/assistant.ts';
import type { LearnerEvent } from '../../../server/protocol/learner.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

type Learning = RepositoryStatus['learning'];

const progress = (phase: string, share: number | null = null, done = 0, total = 1): LearnerEvent => ({ type: 'progress', work: 'commits', branch: 'main', commits: ['c'], phase, share, done, total });
const retraining: LearnerEvent = { type: 'progress', work: 'retrain', branch: '', commits: [], phase: 'train', share: 0.5, done: 0, total: 1 };
const crashed: LearnerEvent = { type: 'failed', code: 'engineCrashed', message: 'The engine process ended by SIGKILL.' };
const engineEnded: LearnerEvent = { type: 'engineEnded', message: 'The engine process ended (SIGKILL) and is started again.' };
const standing = (kind: 'idle' | 'learning' | 'sleeping'): LearnerEvent => ({ type: 'standing', standing: { kind } });

function check(events: readonly LearnerEvent[], expected: Learning): void {
  expect(events.reduce<Learning>((learning, event) => learningAfter(learning, event), { kind: 'idle' })).toEqual(expected);
}

describe('the status of learning', () => {
  it('rises through the phases of a cycle and never falls', () => {
    const shares: number[] = [];
    let learning: Learning = { kind: 'idle' };
    for (const event of [standing('learning'), progress('extract'), progress('train', 0.5), progress('judge'), progress('tests', 0.5), progress('judge'), progress('record', 1)]) {
      learning = learningAfter(learning, event);
      if (learning.kind === 'learning') shares.push(learning.share);
    }
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(shares[2]).toBeCloseTo(0.435);
  });

  it('is a share of all steps of a first use', () => {
    check([progress('train', 1, 3, 10)], { kind: 'learning', work: 'commits', phase: 'train', commits: ['c'], share: 0.362 });
  });

  it('names what is in the way', () => {
    check([{ type: 'standing', standing: { kind: 'paused', why: 'battery' } }], { kind: 'paused', why: 'battery' });
  });

  it('begins again at nothing for commits that came while it learnt', () => {
    const next: LearnerEvent = { ...progress('extract'), commits: ['d'] } as LearnerEvent;
    check([standing('learning'), progress('record', 1), next], { kind: 'learning', work: 'commits', phase: 'extract', commits: ['d'], share: 0 });
    check([standing('sleeping'), standing('learning')], { kind: 'learning', work: 'commits', phase: 'start', commits: [], share: 0 });
  });

  it('keeps a failure until learning begins again', () => {
    const failed: LearnerEvent = { type: 'failed', code: 'noSpace', message: 'The disk is full.\nat some.frame' };
    check([failed, standing('idle')], { kind: 'failed', message: 'The disk is full.' });
    check([failed, standing('learning')], { kind: 'learning', work: 'commits', phase: 'start', commits: [], share: 0 });
    check([failed, standing('sleeping'), standing('idle')], { kind: 'idle' });
  });

  it('is what it was when an engine dies that does nothing', () => {
    check([engineEnded], { kind: 'idle' });
    check([{ type: 'standing', standing: { kind: 'paused', why: 'byUser' } }, engineEnded], { kind: 'paused', why: 'byUser' });
  });

  it('is interrupted when the engine dies under commits, until they are learnt again', () => {
    const interrupted = { kind: 'interrupted', message: expect.stringMatching(/started again.*learnt again/) as string } as const;
    check([standing('learning'), engineEnded, crashed, standing('idle')], interrupted);
    check([standing('learning'), { ...crashed, code: 'adapterLost' }, standing('idle')], interrupted);
    check([standing('learning'), crashed, standing('idle'), standing('learning')], { kind: 'learning', work: 'commits', phase: 'start', commits: [], share: 0 });
  });

  it('has failed when the engine died each time', () => {
    check([standing('learning'), crashed, { type: 'tell', why: 'engineCrashed' }, standing('idle')], { kind: 'failed', message: expect.stringContaining('Learn Now') as string });
  });

  it('is idle after a sleep that the engine did not outlive: the next one does its work', () => {
    check([standing('sleeping'), engineEnded, crashed, standing('idle')], { kind: 'idle' });
  });

  it('ends with the answer of a retraining, which no standing tells', () => {
    check([retraining], { kind: 'learning', work: 'retrain', phase: 'train', commits: [], share: expect.closeTo(0.435) as number });
    check([retraining, { type: 'answered', id: 1, version: 'v', promoted: true, text: 'learnt' }], { kind: 'idle' });
    check([retraining, { type: 'refused', id: 1, code: 'cancelled', message: 'Cancelled.' }], { kind: 'idle' });
    check([standing('learning'), { type: 'refused', id: 1, code: 'noPairs', message: 'None.' }], { kind: 'learning', work: 'commits', phase: 'start', commits: [], share: 0 });
  });

  it('outlives a thread that died while nothing was being learnt', () => {
    const learning: Learning = { kind: 'learning', work: 'commits', phase: 'train', commits: ['c'], share: 0.3 };
    expect(learningAfterDeath({ kind: 'idle' }, 1_000)).toEqual({ kind: 'idle' });
    expect(learningAfterDeath(learning, 1_000)).toMatchObject({ kind: 'interrupted' });
    expect(learningAfterDeath({ kind: 'idle' }, null)).toMatchObject({ kind: 'failed' });
  });
});

describe('the notifier', () => {
  it('sends the newest status once for many changes, and nothing when nothing changed', async () => {
    const clock = new WaitingClock();
    const sent: string[] = [];
    let mode: Status['mode'] = 'on';
    const notifier = new StatusNotifier({ clock, status: () => ({ mode, model: { kind: 'none' }, repositories: [] }), send: (status) => sent.push(status.mode) });
    notifier.changed();
    mode = 'untrusted';
    notifier.changed();
    await clock.advance(100);
    notifier.changed();
    await clock.advance(1_000);
    mode = 'off';
    notifier.changed();
    await clock.advance(1_000);
    expect(sent).toEqual(['untrusted', 'off']);
  });
});
