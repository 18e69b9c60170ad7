// What holds learning back although something waits: a pause, the battery, the disk, the schedule, a budget. Pure, like the schedule itself;
// "day" and "hours" are of the local calendar.
import { learning } from './constants.ts';
import type { ScheduleState } from './schedule.ts';

export type HoldReason = 'byUser' | 'battery' | 'diskFull' | 'memoryShort' | 'manual' | 'hours' | 'untilIdle' | 'budgetSpent';

export interface HeldBack {
  readonly why: HoldReason;
  /** When to look again; null: only an event changes it. */
  readonly untilMs: number | null;
}

/** Null: nothing holds back what waits. */
export function heldBack(state: ScheduleState, atMs: number): HeldBack | null {
  const { settings } = state;
  if (state.paused) return { why: 'byUser', untilMs: null };
  if (state.onBattery && settings.pauseOnBattery) return { why: 'battery', untilMs: null };
  if (state.diskFull) return { why: 'diskFull', untilMs: null };
  if (state.memoryShort) return { why: 'memoryShort', untilMs: null };
  if (settings.when === 'manual') return { why: 'manual', untilMs: null };
  if (settings.when === 'hours' && settings.hours && !isWithin(settings.hours, atMs)) return { why: 'hours', untilMs: nextHour(settings.hours.from, atMs) };
  const idleAtMs = state.lastEventMs + learning.idleMs;
  if (settings.when === 'idle' && idleAtMs > atMs) return { why: 'untilIdle', untilMs: idleAtMs };
  const freeAtMs = Math.max(hourFreeAt(state, atMs), dayFreeAt(state, atMs));
  return freeAtMs > atMs ? { why: 'budgetSpent', untilMs: freeAtMs } : null;
}

/** Where learning stands, for whoever shows it. */
export type Standing = { readonly kind: 'idle' | 'learning' | 'sleeping' } | { readonly kind: 'paused'; readonly why: HoldReason | 'operationInProgress' | 'detachedHead' | 'noCommits' };

export function standingOf(state: ScheduleState, atMs: number): Standing {
  if (state.running) return { kind: state.running.kind === 'learn' ? 'learning' : 'sleeping' };
  if (state.paused) return { kind: 'paused', why: 'byUser' };
  const { seen, waiting } = state;
  if (seen?.kind === 'busy') return { kind: 'paused', why: 'operationInProgress' };
  if (seen?.kind === 'detached') return { kind: 'paused', why: 'detachedHead' };
  if (seen?.kind === 'noCommits') return { kind: 'paused', why: 'noCommits' };
  const held = waiting && !waiting.asked ? heldBack(state, atMs) : null;
  return held ? { kind: 'paused', why: held.why } : { kind: 'idle' };
}

/** When less than the budget lies within the last hour; `atMs` if that is so already. */
function hourFreeAt({ settings, spent }: ScheduleState, atMs: number): number {
  const budgetMs = settings.budgetMsPerHour;
  if (budgetMs === null) return atMs;
  const recent = spent.filter((each) => each.atMs > atMs - hourMs);
  let total = recent.reduce((sum, { ms }) => sum + ms, 0);
  let freeAtMs = atMs;
  for (const each of recent) {
    if (total < budgetMs) break;
    total -= each.ms;
    freeAtMs = each.atMs + hourMs;
  }
  return freeAtMs;
}

/** Midnight, where today's budget is spent. */
function dayFreeAt({ settings, spent }: ScheduleState, atMs: number): number {
  const budgetMs = settings.budgetMsPerDay ?? null;
  if (budgetMs === null) return atMs;
  const today = new Date(atMs).setHours(0, 0, 0, 0);
  const total = spent.filter((each) => each.atMs >= today).reduce((sum, { ms }) => sum + ms, 0);
  return total < budgetMs ? atMs : nextHour(0, atMs);
}

function isWithin({ from, to }: { readonly from: number; readonly to: number }, atMs: number): boolean {
  const hour = new Date(atMs).getHours();
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** The next time that the local clock shows this full hour. */
function nextHour(hour: number, atMs: number): number {
  const date = new Date(atMs);
  date.setHours(hour, 0, 0, 0);
  if (date.getTime() <= atMs) date.setDate(date.getDate() + 1);
  return date.getTime();
}

const hourMs = 3600_000;
