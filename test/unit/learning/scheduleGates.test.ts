// What holds learning back, as tables: events in, what begins and where learning stands out. Times are of the local calendar.
import { describe, expect, it } from 'vitest';
import type { RepositoryState } from '../../../server/git/commit.ts';
import { decide, initialSchedule, type ScheduleEvent, type ScheduleSettings, type ScheduleState } from '../../../server/learning/schedule.ts';
import { standingOf } from '../../../server/learning/scheduleGates.ts';

type Step = ScheduleEvent extends infer E ? (E extends { readonly atMs: number } ? Omit<E, 'atMs'> : never) : never;

const minute = 60_000;
const day = new Date(2026, 2, 4).getTime();
const at = (hours: number, minutes = 0): number => day + (hours * 60 + minutes) * minute;
const on = (head: string): Step => ({ kind: 'repository', state: { kind: 'onBranch', branch: 'main', head } satisfies RepositoryState });
const tick: Step = { kind: 'tick' };
const finished = (ending: 'done' | 'cancelled'): Step => ({ kind: 'finished', ending });
const base: ScheduleSettings = { enabled: true, budgetMsPerHour: null, sleepWhenIdle: false };

/** `learn`, `sleep`, `abort`, `wake HH:MM` and, at the end, where learning stands. */
function check(settings: Partial<ScheduleSettings>, steps: readonly (readonly [number, Step])[], expected: readonly string[], spent: ScheduleState['spent'] = []): void {
  let state = initialSchedule({ ...base, ...settings }, steps[0]?.[0] ?? day, spent);
  const seen: string[] = [];
  for (const [atMs, step] of steps) {
    const decision = decide(state, { ...step, atMs } as ScheduleEvent);
    state = decision.state;
    for (const action of decision.actions) {
      if (action.kind === 'learn') seen.push(`learn ${action.head}`);
      if (action.kind === 'sleep' || action.kind === 'abort') seen.push(action.kind);
      if (action.kind === 'tell') seen.push(`tell ${action.why}`);
      if (action.kind === 'wakeMeAt' && action.atMs - atMs > minute) seen.push(`wake ${clockText(action.atMs)}`);
    }
  }
  const standing = standingOf(state, steps.at(-1)?.[0] ?? day);
  expect([...seen, standing.kind === 'paused' ? `paused ${standing.why}` : standing.kind]).toEqual(expected);
}

function clockText(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getDate() - 4}d ${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

describe('a pause', () => {
  it('keeps commits waiting and ends when the user says so', () => {
    check({}, [[at(9), { kind: 'pause' }], [at(9, 1), on('a')], [at(9, 5), tick]], ['paused byUser']);
    check({}, [[at(9), { kind: 'pause' }], [at(9, 1), on('a')], [at(9, 5), { kind: 'resume' }]], ['learn a', 'learning']);
  });

  it('interrupts what runs, whose commits go on waiting', () => {
    check({}, [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), { kind: 'pause' }], [at(9, 3), finished('cancelled')]], ['learn a', 'abort', 'paused byUser']);
    check({}, [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), { kind: 'pause' }], [at(9, 3), finished('cancelled')], [at(9, 4), { kind: 'resume' }]], ['learn a', 'abort', 'learn a', 'learning']);
  });

  it('does not bring back what was cancelled', () => {
    check({}, [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), { kind: 'cancel' }], [at(9, 3), finished('cancelled')], [at(9, 4), on('a')]], ['learn a', 'abort', 'idle']);
  });

  it('gives way to who asks', () => {
    check({}, [[at(9), { kind: 'pause' }], [at(9, 1), on('a')], [at(9, 2), { kind: 'learnNow' }]], ['learn a', 'learning']);
  });
});

describe('the battery', () => {
  const battery = (onBattery: boolean): Step => ({ kind: 'power', onBattery });

  it('holds learning back only where the setting says so', () => {
    check({ pauseOnBattery: true }, [[at(9), battery(true)], [at(9, 1), on('a')], [at(9, 5), tick]], ['paused battery']);
    check({ pauseOnBattery: false }, [[at(9), battery(true)], [at(9, 1), on('a')], [at(9, 5), tick]], ['learn a', 'learning']);
  });

  it('interrupts what runs and goes on with the mains', () => {
    check({ pauseOnBattery: true }, [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), battery(true)], [at(9, 3), finished('cancelled')], [at(9, 30), battery(false)]], ['learn a', 'abort', 'learn a', 'learning']);
  });

  it('does not interrupt what the user asked for', () => {
    check({ pauseOnBattery: true }, [[at(9), on('a')], [at(9, 0), { kind: 'learnNow' }], [at(9, 2), battery(true)]], ['learn a', 'learning']);
  });
});

describe('the schedule that the user chose', () => {
  it('by hand learns only on request, and does not sleep', () => {
    check({ when: 'manual', sleepWhenIdle: true }, [[at(9), on('a')], [at(12), tick]], ['paused manual']);
    check({ when: 'manual' }, [[at(9), on('a')], [at(12), { kind: 'learnNow' }]], ['learn a', 'learning']);
    check({ when: 'manual', sleepWhenIdle: true }, [[at(9), on('a')], [at(9, 1), { kind: 'learnNow' }], [at(9, 2), finished('done')], [at(9, 30), tick]], ['learn a', 'wake 0d 09:11', 'idle']);
  });

  it.each([
    ['before the window', { from: 22, to: 6 }, at(9), ['wake 0d 22:00', 'paused hours']],
    ['within it, before midnight', { from: 22, to: 6 }, at(23), ['learn a', 'learning']],
    ['within it, after midnight', { from: 22, to: 6 }, at(5, 30), ['learn a', 'learning']],
    ['at its end', { from: 22, to: 6 }, at(6), ['wake 0d 22:00', 'paused hours']],
    ['after a window of the day', { from: 9, to: 17 }, at(18), ['wake 1d 09:00', 'paused hours']],
  ])('by hours: %s', (_, hours, atMs, expected) => {
    check({ when: 'hours', hours }, [[atMs - 10_000, on('a')], [atMs, tick]], expected);
  });

  it('when idle waits until nobody has typed for ten minutes', () => {
    check(
      { when: 'idle' },
      [[at(9), on('a')], [at(9, 5), { kind: 'activity' }], [at(9, 10), tick], [at(9, 15), tick]],
      ['wake 0d 09:15', 'wake 0d 09:15', 'learn a', 'learning'],
    );
    check({ when: 'idle' }, [[at(9), on('a')], [at(9, 1), tick]], ['wake 0d 09:10', 'paused untilIdle']);
  });
});

describe("the day's budget", () => {
  const budgetMsPerDay = 10 * minute;

  it('is told once when it is spent, and begins again at midnight', () => {
    const steps: [number, Step][] = [[at(9), on('a')], [at(9, 1), tick], [at(9, 12), finished('done')], [at(9, 13), on('b')], [at(9, 14), tick], [at(9, 15), tick]];
    check({ budgetMsPerDay }, steps, ['learn a', 'tell budgetSpent', 'wake 1d 00:00', 'wake 1d 00:00', 'paused budgetSpent']);
    check({ budgetMsPerDay }, [...steps, [at(24), tick]], ['learn a', 'tell budgetSpent', 'wake 1d 00:00', 'wake 1d 00:00', 'learn b', 'learning']);
  });

  it('counts what earlier sessions spent today, not yesterday', () => {
    check({ budgetMsPerDay }, [[at(9), on('a')], [at(9, 1), tick]], ['tell budgetSpent', 'wake 1d 00:00', 'paused budgetSpent'], [{ atMs: at(8), ms: 11 * minute }]);
    check({ budgetMsPerDay }, [[at(9), on('a')], [at(9, 1), tick]], ['learn a', 'learning'], [{ atMs: at(-1), ms: 11 * minute }]);
  });

  it('that was raised lets what waits begin', () => {
    check(
      { budgetMsPerDay },
      [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), { kind: 'settings', settings: { ...base, budgetMsPerDay: 60 * minute } }], [at(9, 3), tick]],
      ['tell budgetSpent', 'wake 1d 00:00', 'learn a', 'learning'],
      [{ atMs: at(8), ms: 11 * minute }],
    );
  });
});

it('a full disk holds learning back until there is room', () => {
  check({}, [[at(9), { kind: 'disk', full: true }], [at(9, 1), on('a')], [at(9, 2), tick]], ['paused diskFull']);
  check({}, [[at(9), { kind: 'disk', full: true }], [at(9, 1), on('a')], [at(9, 2), { kind: 'disk', full: false }]], ['learn a', 'learning']);
});

it('training that needs more memory than it may have is stopped and waits until it is asked for', () => {
  const stopped: Parameters<typeof check>[1] = [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), { kind: 'memory' }], [at(9, 3), { kind: 'finished', ending: 'cancelled' }], [at(9, 4), tick]];
  check({}, stopped, ['learn a', 'abort', 'paused memoryShort']);
  check({}, [...stopped, [at(9, 5), { kind: 'learnNow' }]], ['learn a', 'abort', 'learn a', 'learning']);
});

it('nothing begins while a request has the engine for itself, and a sleep makes way for it', () => {
  check({}, [[at(9), { kind: 'hold' }], [at(9, 1), on('a')], [at(9, 2), tick]], ['idle']);
  check({}, [[at(9), { kind: 'hold' }], [at(9, 1), on('a')], [at(9, 2), { kind: 'release' }]], ['learn a', 'learning']);
  check(
    { sleepWhenIdle: true },
    [[at(9), on('a')], [at(9, 1), tick], [at(9, 2), finished('done')], [at(9, 20), tick], [at(9, 21), { kind: 'hold' }]],
    ['learn a', 'wake 0d 09:10', 'sleep', 'abort', 'sleeping'],
  );
});

it('a repository at rest is idle, and says what is in the way of one that is not', () => {
  check({}, [[at(9), { kind: 'repository', state: { kind: 'detached', head: 'a' } }]], ['tell detachedHead', 'paused detachedHead']);
  check({}, [[at(9), { kind: 'repository', state: { kind: 'busy', operation: 'rebase' } }]], ['tell operationInProgress', 'paused operationInProgress']);
  check({}, [[at(9), { kind: 'repository', state: { kind: 'noCommits', branch: 'main' } }]], ['tell noCommits', 'paused noCommits']);
});
