// When to learn and when to sleep, as one pure function: events go in, the next state and what to do come out. Whoever owns the clock and the
// engine carries the actions out and reports back. Invariant: at most one cycle runs, and a newer head replaces an older one that waits.
import type { RepositoryState } from '../git/commit.ts';
import type { SkipReason } from '../store/version.ts';
import { learning } from './constants.ts';
import { heldBack } from './scheduleGates.ts';

export interface ScheduleState {
  readonly settings: ScheduleSettings;
  /** Where HEAD stands, as last seen. */
  readonly seen: RepositoryState | null;
  /** Head last dealt with per branch, whatever came of it; learning starts again when it moves. */
  readonly dealtWith: Readonly<Record<string, string>>;
  readonly waiting: Waiting | null;
  readonly running: Running | null;
  /** The user paused learning; what waits goes on waiting. */
  readonly paused: boolean;
  readonly onBattery: boolean;
  /** The versions take more than the disk budget, and nothing more can be dropped. */
  readonly diskFull: boolean;
  /** Training needed more memory than the user allows, and would again: only other settings or a wish change that. */
  readonly memoryShort: boolean;
  /** Requests that need the engine for themselves, retraining: nothing starts while there is one. */
  readonly holds: number;
  readonly crashes: number;
  /** When somebody last did something: typed, committed, changed a setting. */
  readonly lastEventMs: number;
  /** Nothing was learnt since the last sleep, so another would come to the same. */
  readonly rested: boolean;
  /** Learning time within the budget's window. */
  readonly spent: readonly { readonly atMs: number; readonly ms: number }[];
}

export interface ScheduleSettings {
  /** Off means off: nothing runs and nothing waits. */
  readonly enabled: boolean;
  /** Learning time per hour; null: no limit. */
  readonly budgetMsPerHour: number | null;
  readonly sleepWhenIdle: boolean;
  /** Default `onCommit`. `manual`: only when asked. */
  readonly when?: 'onCommit' | 'idle' | 'hours' | 'manual' | undefined;
  /** Local hours of the day for `hours`, from the first up to the second; they may span midnight. */
  readonly hours?: { readonly from: number; readonly to: number } | undefined;
  /** Learning time per local day; null or absent: no limit. */
  readonly budgetMsPerDay?: number | null | undefined;
  readonly pauseOnBattery?: boolean | undefined;
}

interface Waiting {
  readonly branch: string;
  readonly head: string;
  readonly readyAtMs: number;
  /** The user asked for it: schedule, budgets and power do not hold it back. */
  readonly asked?: boolean;
}

type Running =
  | {
      readonly kind: 'learn';
      readonly branch: string;
      readonly head: string;
      readonly startedMs: number;
      readonly asked?: boolean;
      /** Stopped by a pause: its commits wait, they are not dealt with. */
      readonly interrupted?: boolean;
    }
  | { readonly kind: 'sleep'; readonly branch: string; readonly startedMs: number };

export type ScheduleEvent =
  | { readonly kind: 'repository'; readonly atMs: number; readonly state: RepositoryState }
  | { readonly kind: 'settings'; readonly atMs: number; readonly settings: ScheduleSettings }
  /** Time passed, as asked for by `wakeMeAt`. */
  | { readonly kind: 'tick'; readonly atMs: number }
  /** The user types, so the machine is not idle. */
  | { readonly kind: 'activity'; readonly atMs: number }
  | { readonly kind: 'learnNow'; readonly atMs: number }
  | { readonly kind: 'cancel'; readonly atMs: number }
  | { readonly kind: 'pause'; readonly atMs: number }
  /** Ends a pause. */
  | { readonly kind: 'resume'; readonly atMs: number }
  | { readonly kind: 'power'; readonly atMs: number; readonly onBattery: boolean }
  | { readonly kind: 'disk'; readonly atMs: number; readonly full: boolean }
  | { readonly kind: 'memory'; readonly atMs: number }
  | { readonly kind: 'hold'; readonly atMs: number }
  /** Ends a hold. */
  | { readonly kind: 'release'; readonly atMs: number }
  | { readonly kind: 'finished'; readonly atMs: number; readonly ending: 'done' | 'cancelled' | 'failed' | 'crashed' };

export type ScheduleAction =
  /** Learn everything that `branch` has since it was last learnt. */
  | { readonly kind: 'learn'; readonly branch: string; readonly head: string }
  | { readonly kind: 'sleep'; readonly branch: string }
  /** Stop what runs; `finished` follows. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'wakeMeAt'; readonly atMs: number }
  /** Swap to the version of this branch, or to the nearest one of a detached head. */
  | { readonly kind: 'serve'; readonly branch: string | null; readonly head: string }
  | { readonly kind: 'tell'; readonly why: SkipReason | 'budgetSpent' | 'engineCrashed' | 'failed' };

export interface Decision {
  readonly state: ScheduleState;
  readonly actions: readonly ScheduleAction[];
}

/** The longest window of a budget. */
const spentMemoryMs = 25 * 3600_000;
/** What nobody did: it does not end idleness. */
const quietEvents: readonly ScheduleEvent['kind'][] = ['tick', 'finished', 'power', 'disk', 'memory', 'hold', 'release'];

/** `spent`: learning time of earlier sessions that today's budget still counts. */
export function initialSchedule(settings: ScheduleSettings, atMs: number, spent: ScheduleState['spent'] = []): ScheduleState {
  const nothing = { seen: null, dealtWith: {}, waiting: null, running: null, paused: false, onBattery: false, diskFull: false, memoryShort: false, holds: 0, crashes: 0 };
  return { settings, ...nothing, lastEventMs: atMs, rested: true, spent };
}

export function decide(before: ScheduleState, event: ScheduleEvent): Decision {
  const noted = quietEvents.includes(event.kind) ? before : { ...before, lastEventMs: event.atMs };
  const { state, actions } = take(noted, event);
  const next = start(state, event.atMs);
  return { state: next.state, actions: [...actions, ...next.actions] };
}

function take(state: ScheduleState, event: ScheduleEvent): Decision {
  switch (event.kind) {
    case 'repository':
      return headMoved(state, event.state, event.atMs);
    case 'settings': {
      const off = !event.settings.enabled;
      // What a budget put off until tomorrow is looked at again under the new settings.
      const waiting = state.waiting && { ...state.waiting, readyAtMs: Math.min(state.waiting.readyAtMs, event.atMs + learning.settleMs) };
      const next = { ...state, settings: event.settings, waiting: off ? null : waiting };
      if (off) return { state: next, actions: state.running ? [{ kind: 'abort' }] : [] };
      return state.settings.enabled ? { state: next, actions: [] } : headMoved({ ...next, seen: null }, state.seen, event.atMs);
    }
    case 'cancel':
      return { state: dealt({ ...state, waiting: null }, state.waiting), actions: state.running ? [{ kind: 'abort' }] : [] };
    case 'learnNow': {
      const at = state.seen;
      if (at?.kind !== 'onBranch') return { state, actions: at ? tellWhy(at) : [] };
      return { state: { ...state, crashes: 0, memoryShort: false, waiting: { branch: at.branch, head: at.head, readyAtMs: event.atMs, asked: true } }, actions: yieldSleep(state) };
    }
    case 'pause':
      return interrupt({ ...state, paused: true }, event.atMs);
    case 'resume':
      return { state: { ...state, paused: false }, actions: [] };
    case 'power': {
      const next = { ...state, onBattery: event.onBattery };
      return event.onBattery && state.settings.pauseOnBattery && !isAsked(state.running) ? interrupt(next, event.atMs) : { state: next, actions: [] };
    }
    case 'disk':
      return { state: { ...state, diskFull: event.full }, actions: [] };
    case 'memory':
      // Also what the user asked for: the budget is a promise.
      return interrupt({ ...state, memoryShort: true }, event.atMs);
    case 'hold':
      return { state: { ...state, holds: state.holds + 1 }, actions: yieldSleep(state) };
    case 'release':
      return { state: { ...state, holds: Math.max(0, state.holds - 1) }, actions: [] };
    case 'finished':
      return finished(state, event.ending, event.atMs);
    case 'tick':
    case 'activity':
      // Somebody works: a sleep that runs goes on at low priority, but the next one waits for the machine to be idle again.
      return { state, actions: [] };
  }
}

/** Stops what runs; its commits go on waiting, unless newer ones do. */
function interrupt(state: ScheduleState, atMs: number): Decision {
  const { running } = state;
  if (running === null) return { state, actions: [] };
  if (running.kind === 'sleep') return { state, actions: [{ kind: 'abort' }] };
  const waiting = state.waiting ?? { branch: running.branch, head: running.head, readyAtMs: atMs };
  return { state: { ...state, waiting, running: { ...running, interrupted: true } }, actions: [{ kind: 'abort' }] };
}

function isAsked(running: Running | null): boolean {
  return running?.kind === 'learn' && running.asked === true;
}

function headMoved(state: ScheduleState, seen: RepositoryState | null, atMs: number): Decision {
  if (seen === null) return { state, actions: [] };
  const moved = { ...state, seen };
  if (seen.kind === 'busy' || seen.kind === 'noCommits') return { state: { ...moved, waiting: null }, actions: tellWhy(seen) };
  const last = state.seen;
  const branch = seen.kind === 'onBranch' ? seen.branch : null;
  const servedBefore = last?.kind === 'onBranch' ? last.branch : last?.kind === 'detached' ? null : undefined;
  const serve: ScheduleAction[] =
    servedBefore !== branch || (branch === null && last?.kind === 'detached' && last.head !== seen.head) ? [{ kind: 'serve', branch, head: seen.head }] : [];
  if (seen.kind === 'detached') return { state: { ...moved, waiting: null }, actions: [...serve, ...tellWhy(seen)] };
  if (!state.settings.enabled || state.dealtWith[seen.branch] === seen.head) return { state: { ...moved, waiting: null }, actions: serve };
  if (state.running?.kind === 'learn' && state.running.branch === seen.branch && state.running.head === seen.head) return { state: moved, actions: serve };
  const waiting = { branch: seen.branch, head: seen.head, readyAtMs: atMs + learning.settleMs };
  return { state: { ...moved, crashes: 0, waiting }, actions: [...serve, ...yieldSleep(state)] };
}

function finished(state: ScheduleState, ending: 'done' | 'cancelled' | 'failed' | 'crashed', atMs: number): Decision {
  const { running } = state;
  if (!running) return { state, actions: [] };
  const spent = [...state.spent.filter((each) => each.atMs > atMs - spentMemoryMs), { atMs, ms: atMs - running.startedMs }];
  const stopped = { ...state, running: null, spent };
  if (running.kind === 'sleep') return { state: { ...stopped, rested: ending !== 'cancelled', lastEventMs: atMs }, actions: [] };
  if (ending === 'cancelled' && running.interrupted) return { state: stopped, actions: [] };
  if (ending === 'crashed' && state.crashes < learning.crashRetries) {
    const again = state.waiting ?? { branch: running.branch, head: running.head, readyAtMs: atMs + learning.retryDelayMs };
    return { state: { ...stopped, crashes: state.crashes + 1, waiting: again }, actions: [] };
  }
  const actions: ScheduleAction[] = ending === 'crashed' ? [{ kind: 'tell', why: 'engineCrashed' }] : ending === 'failed' ? [{ kind: 'tell', why: 'failed' }] : [];
  return { state: { ...dealt(stopped, running), crashes: 0, rested: ending === 'done' ? false : state.rested }, actions };
}

/** Begins what may begin now, or asks to be woken when it may. */
function start(state: ScheduleState, atMs: number): Decision {
  if (!state.settings.enabled || state.running || state.holds > 0) return { state, actions: [] };
  const { waiting } = state;
  if (waiting) {
    if (waiting.readyAtMs > atMs) return { state, actions: [{ kind: 'wakeMeAt', atMs: waiting.readyAtMs }] };
    const held = waiting.asked ? null : heldBack(state, atMs);
    if (held?.why === 'budgetSpent') {
      // Told once: until then it counts as not ready.
      return { state: { ...state, waiting: { ...waiting, readyAtMs: held.untilMs ?? atMs } }, actions: [{ kind: 'tell', why: 'budgetSpent' }, ...wake(held.untilMs)] };
    }
    if (held) return { state, actions: wake(held.untilMs) };
    const { branch, head } = waiting;
    const running: Running = { kind: 'learn', branch, head, startedMs: atMs, ...(waiting.asked ? { asked: true } : {}) };
    return { state: { ...state, waiting: null, running }, actions: [{ kind: 'learn', branch, head }] };
  }
  if (!state.settings.sleepWhenIdle || state.rested || state.seen?.kind !== 'onBranch') return { state, actions: [] };
  const idleAtMs = state.lastEventMs + learning.idleMs;
  if (idleAtMs > atMs) return { state, actions: [{ kind: 'wakeMeAt', atMs: idleAtMs }] };
  const held = heldBack(state, atMs);
  if (held) return { state, actions: wake(held.untilMs) };
  const { branch } = state.seen;
  return { state: { ...state, running: { kind: 'sleep', branch, startedMs: atMs } }, actions: [{ kind: 'sleep', branch }] };
}

function wake(atMs: number | null): ScheduleAction[] {
  return atMs === null ? [] : [{ kind: 'wakeMeAt', atMs }];
}

/** New commits come before consolidation. */
function yieldSleep(state: ScheduleState): ScheduleAction[] {
  return state.running?.kind === 'sleep' ? [{ kind: 'abort' }] : [];
}

function dealt(state: ScheduleState, what: { readonly branch: string; readonly head: string } | null): ScheduleState {
  return what ? { ...state, dealtWith: { ...state.dealtWith, [what.branch]: what.head } } : state;
}

function tellWhy(seen: RepositoryState): ScheduleAction[] {
  switch (seen.kind) {
    case 'busy':
      return [{ kind: 'tell', why: 'operationInProgress' }];
    case 'detached':
      return [{ kind: 'tell', why: 'detachedHead' }];
    case 'noCommits':
      return [{ kind: 'tell', why: 'noCommits' }];
    case 'onBranch':
      return [];
  }
}
