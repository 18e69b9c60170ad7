// decide(state, event) as tables: a list of events in, the actions they led to out. No timers anywhere.
import { describe, expect, it } from 'vitest';
import type { RepositoryState } from '../../../server/git/commit.ts';
import { decide, initialSchedule, type ScheduleEvent, type ScheduleSettings } from '../../../server/learning/schedule.ts';

const on = (head: string, branch = 'main'): RepositoryState => ({ kind: 'onBranch', branch, head });
const busy: RepositoryState = { kind: 'busy', operation: 'rebase' };
const minute = 60_000;
const defaults: ScheduleSettings = { enabled: true, budgetMsPerHour: null, sleepWhenIdle: true };

type Step = ScheduleEvent extends infer E ? (E extends { readonly atMs: number } ? Omit<E, 'atMs'> : never) : never;

/** Events by time in milliseconds; the actions that matter, one line each. */
function checkActions(steps: readonly (readonly [number, Step])[], expected: readonly string[], settings = defaults): void {
  let state = initialSchedule(settings, 0);
  const seen: string[] = [];
  for (const [atMs, step] of steps) {
    const decision = decide(state, { ...step, atMs } as ScheduleEvent);
    state = decision.state;
    for (const action of decision.actions) {
      switch (action.kind) {
        case 'learn':
          seen.push(`${atMs} learn ${action.branch} ${action.head}`);
          break;
        case 'sleep':
          seen.push(`${atMs} sleep ${action.branch}`);
          break;
        case 'serve':
          seen.push(`${atMs} serve ${action.branch ?? `detached ${action.head}`}`);
          break;
        case 'tell':
          seen.push(`${atMs} tell ${action.why}`);
          break;
        case 'wakeMeAt':
          seen.push(`${atMs} wake me at ${action.atMs}`);
          break;
        case 'abort':
          seen.push(`${atMs} abort`);
      }
    }
  }
  expect(seen).toEqual(expected);
}

const repository = (state: RepositoryState): Step => ({ kind: 'repository', state });
const tick: Step = { kind: 'tick' };
const finished = (ending: 'done' | 'cancelled' | 'failed' | 'crashed'): Step => ({ kind: 'finished', ending });

describe('the schedule', () => {
  it('learns a commit once it has settled', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [9000, finished('done')], [9100, repository(on('a'))]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', `9000 wake me at ${10 * minute}`, `9100 wake me at ${9100 + 10 * minute}`],
    );
  });

  it('coalesces a burst of commits into one range', () => {
    checkActions(
      [[0, repository(on('a'))], [1000, repository(on('b'))], [2000, tick], [2500, repository(on('c'))], [4500, tick]],
      ['0 serve main', '0 wake me at 2000', '1000 wake me at 3000', '2000 wake me at 3000', '2500 wake me at 4500', '4500 learn main c'],
    );
  });

  it('learns what came during a cycle after it, the newest head only', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, repository(on('b'))], [4000, repository(on('c'))], [9000, finished('done')]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '9000 learn main c'],
    );
  });

  it('waits while an operation is in progress and learns its result once', () => {
    checkActions(
      [[0, repository(on('a'))], [500, repository(busy)], [2000, tick], [5000, repository(on('b'))], [7000, tick]],
      ['0 serve main', '0 wake me at 2000', '500 tell operationInProgress', '5000 serve main', '5000 wake me at 7000', '7000 learn main b'],
    );
  });

  it('learns nothing on a detached head and serves the nearest version', () => {
    checkActions(
      [[0, repository({ kind: 'detached', head: 'x' })], [9000, tick], [9500, { kind: 'learnNow' }]],
      ['0 serve detached x', '0 tell detachedHead', '9500 tell detachedHead'],
    );
  });

  it('says that there is nothing yet in an empty repository', () => {
    checkActions([[0, repository({ kind: 'noCommits', branch: 'main' })]], ['0 tell noCommits']);
  });

  it('swaps the version when the branch is switched, and learns there', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, repository(on('b', 'feature'))], [9000, finished('done')]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '3000 serve feature', '9000 learn feature b'],
    );
  });

  it('stops when cancelled, and does not begin again before the next commit', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, { kind: 'cancel' }], [3100, finished('cancelled')], [4000, repository(on('a'))], [5000, repository(on('b'))]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '3000 abort', '5000 wake me at 7000'],
    );
  });

  it('retries after the engine crashed, twice, then says so and waits for the next commit', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, finished('crashed')], [8000, tick], [9000, finished('crashed')], [14000, tick], [15000, finished('crashed')], [30000, tick]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '3000 wake me at 8000', '8000 learn main a', '9000 wake me at 14000', '14000 learn main a', '15000 tell engineCrashed'],
    );
  });

  it('tells of a failure and goes on with the next commit', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, finished('failed')], [4000, repository(on('b'))]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '3000 tell failed', '4000 wake me at 6000'],
    );
  });

  it('keeps within its budget and goes on when there is some again', () => {
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [62000, finished('done')], [63000, repository(on('b'))], [65000, tick], [62000 + 3600_000, tick]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '63000 wake me at 65000', '65000 tell budgetSpent', '65000 wake me at 3662000', '3662000 learn main b'],
      { ...defaults, budgetMsPerHour: minute, sleepWhenIdle: false },
    );
  });

  it('sleeps once when idle after learning, and yields to a commit', () => {
    const idle = 9000 + 10 * minute;
    checkActions(
      [
        [0, repository(on('a'))],
        [2000, tick],
        [9000, finished('done')],
        [9000, { kind: 'activity' }],
        [idle, tick],
        [idle + 100, repository(on('b'))],
        [idle + 200, finished('cancelled')],
        [idle + 2100, tick],
      ],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', `9000 wake me at ${10 * minute}`, `9000 wake me at ${idle}`, `${idle} sleep main`, `${idle + 100} abort`, `${idle + 200} wake me at ${idle + 2100}`, `${idle + 2100} learn main b`],
    );
  });

  it('does nothing when off, stops what runs when switched off, and catches up when switched on', () => {
    const off = { ...defaults, enabled: false };
    checkActions(
      [[0, repository(on('a'))], [2000, tick], [3000, { kind: 'settings', settings: off }], [3100, finished('cancelled')], [4000, repository(on('b'))], [9000, tick], [9500, { kind: 'settings', settings: defaults }], [11500, tick]],
      ['0 serve main', '0 wake me at 2000', '2000 learn main a', '3000 abort', '9500 serve main', '9500 wake me at 11500', '11500 learn main b'],
    );
  });

  it('learns at once when asked to', () => {
    checkActions([[0, repository(on('a'))], [100, { kind: 'learnNow' }]], ['0 serve main', '0 wake me at 2000', '100 learn main a']);
  });
});
