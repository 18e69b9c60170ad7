// What the learner's events mean for the status that the user sees. Pure: a status and an event in, the next status out.
import { pauseReasons, type PauseReason, type RepositoryStatus } from '../../protocol/assistant.ts';
import type { LearnerEvent } from '../../protocol/learner.ts';
import { firstLine } from '../errors.ts';

type Learning = RepositoryStatus['learning'];

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
      return { kind: 'learning', phase: event.phase, commits: event.commits, share: shareOf(before, event) };
    case 'standing':
      if (event.standing.kind === 'paused') return { kind: 'paused', why: reasonOf(event.standing.why) };
      if (event.standing.kind === 'idle') return before.kind === 'failed' ? before : { kind: 'idle' };
      return before.kind === 'learning' ? before : { kind: 'learning', phase: event.standing.kind === 'sleeping' ? 'sleep' : 'start', commits: [], share: 0 };
    case 'failed':
      return { kind: 'failed', message: firstLine(event.message) };
    default:
      return before;
  }
}

/** Of all steps of this run, never falling: judging comes back after tests. */
function shareOf(before: Learning, event: LearnerEvent & { type: 'progress' }): number {
  const [from, to] = phaseSpans[event.phase] ?? [0, 0];
  const within = from + (to - from) * (event.share ?? 0);
  const share = Math.min(1, (event.done + within) / Math.max(1, event.total));
  return before.kind === 'learning' ? Math.max(before.share, share) : share;
}

function reasonOf(why: string): PauseReason {
  return pauseReasons.find((reason) => reason === why) ?? 'byUser';
}
