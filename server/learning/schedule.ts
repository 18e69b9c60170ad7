// When to learn and when to sleep, as one pure function: events go in, the next state and what to do come out. Whoever owns the clock and the
// engine carries the actions out and reports back. Invariant: at most one cycle runs, and a newer head replaces an older one that waits.
import type { RepositoryState } from '../git/commit.ts';
import type { SkipReason } from '../store/version.ts';
import { learning } from './constants.ts';

export interface ScheduleState {
  readonly settings: ScheduleSettings;
  /** Where HEAD stands, as last seen. */
  readonly seen: RepositoryState | null;
  /** Head last dealt with per branch, whatever came of it; learning starts again when it moves. */
  readonly dealtWith: Readonly<Record<string, string>>;
  readonly waiting: Waiting | null;
  readonly running: Running | null;
  readonly crashes: number;
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
}

interface Waiting {
  readonly branch: string;
  readonly head: string;
  readonly readyAtMs: number;
}

type Running =
  | { readonly kind: 'learn'; readonly branch: string; readonly head: string; readonly startedMs: number }
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

const hourMs = 3600_000;

export function initialSchedule(settings: ScheduleSettings, atMs: number): ScheduleState {
  return { settings, seen: null, dealtWith: {}, waiting: null, running: null, crashes: 0, lastEventMs: atMs, rested: true, spent: [] };
}

export function decide(before: ScheduleState, event: ScheduleEvent): Decision {
  const noted = event.kind === 'tick' || event.kind === 'finished' ? before : { ...before, lastEventMs: event.atMs };
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
      const next = { ...state, settings: event.settings, waiting: off ? null : state.waiting };
      if (off) return { state: next, actions: state.running ? [{ kind: 'abort' }] : [] };
      return state.settings.enabled ? { state: next, actions: [] } : headMoved({ ...next, seen: null }, state.seen, event.atMs);
    }
    case 'cancel':
      return { state: dealt({ ...state, waiting: null }, state.waiting), actions: state.running ? [{ kind: 'abort' }] : [] };
    case 'learnNow': {
      const at = state.seen;
      if (at?.kind !== 'onBranch') return { state, actions: at ? tellWhy(at) : [] };
      return { state: { ...state, crashes: 0, waiting: { branch: at.branch, head: at.head, readyAtMs: event.atMs } }, actions: yieldSleep(state) };
    }
    case 'finished':
      return finished(state, event.ending, event.atMs);
    case 'tick':
    case 'activity':
      // Somebody works: a sleep that runs goes on at low priority, but the next one waits for the machine to be idle again.
      return { state, actions: [] };
  }
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
  const spent = [...state.spent, { atMs, ms: atMs - running.startedMs }];
  const stopped = { ...state, running: null, spent };
  if (running.kind === 'sleep') return { state: { ...stopped, rested: ending !== 'cancelled', lastEventMs: atMs }, actions: [] };
  if (ending === 'crashed' && state.crashes < learning.crashRetries) {
    const again = state.waiting ?? { branch: running.branch, head: running.head, readyAtMs: atMs + learning.retryDelayMs };
    return { state: { ...stopped, crashes: state.crashes + 1, waiting: again }, actions: [] };
  }
  const actions: ScheduleAction[] = ending === 'crashed' ? [{ kind: 'tell', why: 'engineCrashed' }] : ending === 'failed' ? [{ kind: 'tell', why: 'failed' }] : [];
  return { state: { ...dealt(stopped, running), crashes: 0, rested: ending === 'done' ? false : state.rested }, actions };
}

/** Begins what may begin now, or asks to be woken when it may. */
function start(state: ScheduleState, atMs: number): Decision {
  if (!state.settings.enabled || state.running) return { state, actions: [] };
  const { waiting } = state;
  if (waiting) {
    if (waiting.readyAtMs > atMs) return { state, actions: [{ kind: 'wakeMeAt', atMs: waiting.readyAtMs }] };
    const freeAtMs = budgetFreeAt(state, atMs);
    if (freeAtMs > atMs) return { state: { ...state, waiting: { ...waiting, readyAtMs: freeAtMs } }, actions: [{ kind: 'tell', why: 'budgetSpent' }, { kind: 'wakeMeAt', atMs: freeAtMs }] };
    const { branch, head } = waiting;
    return { state: { ...state, waiting: null, running: { kind: 'learn', branch, head, startedMs: atMs } }, actions: [{ kind: 'learn', branch, head }] };
  }
  if (!state.settings.sleepWhenIdle || state.rested || state.seen?.kind !== 'onBranch') return { state, actions: [] };
  const idleAtMs = state.lastEventMs + learning.idleMs;
  if (idleAtMs > atMs) return { state, actions: [{ kind: 'wakeMeAt', atMs: idleAtMs }] };
  const { branch } = state.seen;
  return { state: { ...state, running: { kind: 'sleep', branch, startedMs: atMs } }, actions: [{ kind: 'sleep', branch }] };
}

/** When less than the budget lies within the last hour; `atMs` if that is so already. */
function budgetFreeAt(state: ScheduleState, atMs: number): number {
  const { budgetMsPerHour } = state.settings;
  if (budgetMsPerHour === null) return atMs;
  const recent = state.spent.filter((each) => each.atMs > atMs - hourMs);
  let total = recent.reduce((sum, { ms }) => sum + ms, 0);
  let freeAtMs = atMs;
  for (const each of recent) {
    if (total < budgetMsPerHour) break;
    total -= each.ms;
    freeAtMs = each.atMs + hourMs;
  }
  return freeAtMs;
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
