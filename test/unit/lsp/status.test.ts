// What the user sees of learning: the learner's events as a status, and the status sent to the editor not too often.
import { describe, expect, it } from 'vitest';
import { learningAfter } from '../../../server/lsp/learner/learnerStatus.ts';
import { StatusNotifier } from '../../../server/lsp/statusNotifier.ts';
import type { RepositoryStatus, Status } from '../../../server/protocol/assistant.ts';
import type { LearnerEvent } from '../../../server/protocol/learner.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

type Learning = RepositoryStatus['learning'];

const progress = (phase: string, share: number | null = null, done = 0, total = 1): LearnerEvent => ({ type: 'progress', branch: 'main', commits: ['c'], phase, share, done, total });
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
    check([progress('train', 1, 3, 10)], { kind: 'learning', phase: 'train', commits: ['c'], share: 0.362 });
  });

  it('names what is in the way', () => {
    check([{ type: 'standing', standing: { kind: 'paused', why: 'battery' } }], { kind: 'paused', why: 'battery' });
  });

  it('keeps a failure until learning begins again', () => {
    const failed: LearnerEvent = { type: 'failed', code: 'engineCrashed', message: 'The engine ended.' };
    check([failed, standing('idle')], { kind: 'failed', message: 'The engine ended.' });
    check([failed, standing('learning')], { kind: 'learning', phase: 'start', commits: [], share: 0 });
    check([failed, standing('sleeping'), standing('idle')], { kind: 'idle' });
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
