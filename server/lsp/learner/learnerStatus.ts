// What the learner's events mean for the status that the user sees. Pure: a status and an event in, the next status out.
import { engineDeaths } from '../../engineClient/errors.ts';
import { pauseReasons, type PauseReason, type RepositoryStatus } from '../../protocol/assistant.ts';
import type { LearnerEvent } from '../../protocol/learner.ts';
import { firstLine } from '../errors.ts';

type Learning = RepositoryStatus['learning'];
type Progress = Extract<LearnerEvent, { type: 'progress' }>;

/** Where each phase begins and ends within a cycle, as shares of its time on two cores; what a status shows, never what anything decides. */
const phaseSpans: Readonly<Record<string, readonly [from: number, to: number]>> = {
  extract: [0, 0.04],
  surprise: [0.04, 0.08],
  selfEdits: [0.08, 0.25],
  train: [0.25, 0.62],
  select: [0.62, 0.68],
  secondSeed: [0.68, 0.84],
  judge: [0.84, 0.92],
  tests: [0.88, 0.96],
  gates: [0.96, 0.98],
  record: [0.98, 1],
};

export function learningAfter(before: Learning, event: LearnerEvent): Learning {
  switch (event.type) {
    case 'progress':
      return { kind: 'learning', work: event.work, phase: event.phase, commits: event.commits, share: shareOf(before, event) };
    case 'standing':
      return standingAfter(before, event.standing);
    case 'failed':
      if (!engineDeaths.includes(event.code)) return { kind: 'failed', message: firstLine(event.message) };
      // The schedule repeats the cycle, and says by a `tell` when it gives up. A sleep is not repeated: what it would have come to, the next one does.
      return before.kind === 'learning' && before.work === 'commits' ? { kind: 'interrupted', message: interruptedText } : before;
    case 'tell':
      return event.why === 'engineCrashed' ? { kind: 'failed', message: gaveUpText } : before;
    case 'answered':
    case 'refused':
      return before.kind === 'learning' && before.work === 'retrain' ? { kind: 'idle' } : before;
    default:
      return before;
  }
}

/** The thread itself is gone; null: it is not started again for now. */
export function learningAfterDeath(before: Learning, restartMs: number | null): Learning {
  if (restartMs === null) return { kind: 'failed', message: 'The learner ended too often and is started again in ten minutes. The log says more.' };
  return before.kind === 'learning' ? { kind: 'interrupted', message: 'The learner ended while learning. It is started again, and the same commits are learnt then.' } : before;
}

const interruptedText = 'The engine process ended while learning. It is started again, and the same commits are learnt again in a moment.';
const gaveUpText = 'The engine process ended each time that these commits were learnt. They wait for the next commit, or for "Graft: Learn Now". "Graft: Doctor" checks this installation.';

function standingAfter(before: Learning, standing: Extract<LearnerEvent, { type: 'standing' }>['standing']): Learning {
  if (standing.kind === 'paused') return { kind: 'paused', why: reasonOf(standing.why) };
  // Idle is also between a failure and what comes next, which is then still what the user should know.
  if (standing.kind === 'idle') return before.kind === 'failed' || before.kind === 'interrupted' ? before : { kind: 'idle' };
  const work = standing.kind === 'sleeping' ? 'sleep' : 'commits';
  return before.kind === 'learning' && before.work === work ? before : { kind: 'learning', work, phase: work === 'sleep' ? 'sleep' : 'start', commits: [], share: 0 };
}

/** Of all steps of this run, never falling within it: judging comes back after tests. */
function shareOf(before: Learning, event: Progress): number {
  const [from, to] = phaseSpans[event.phase] ?? [0, 0];
  const within = from + (to - from) * (event.share ?? 0);
  const share = Math.min(1, (event.done + within) / Math.max(1, event.total));
  return before.kind === 'learning' && isSameRun(before, event) ? Math.max(before.share, share) : share;
}

/** A run that begins with its first commits, while others are shown, is another one: commits came while learning. */
function isSameRun(before: Extract<Learning, { kind: 'learning' }>, { work, done, commits }: Progress): boolean {
  return before.work === work && (done > 0 || before.commits.length === 0 || before.commits.join() === commits.join());
}

function reasonOf(why: string): PauseReason {
  return pauseReasons.find((reason) => reason === why) ?? 'byUser';
}
