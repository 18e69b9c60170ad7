// What the learner's events are to the user: a line of the log, and, where it is worth an interruption, a message that says what happened
// and what happens next. Pure; the same message again is kept back by who tells it.
import type { RepositoryStatus, Tell } from '../../protocol/assistant.ts';
import type { LearnerEvent } from '../../protocol/learner.ts';
import { firstLine } from '../errors.ts';
import { learningAfter } from './learnerStatus.ts';

export interface News {
  readonly log?: string;
  readonly tell?: Tell;
}

export interface NewsContext {
  /** Of the repository. */
  readonly name: string;
  /** What was shown before the event. */
  readonly before: RepositoryStatus['learning'];
  /** Somebody asked to learn now and waits for an answer. */
  readonly asked: boolean;
}

export function newsOf(event: LearnerEvent, { name, before, asked }: NewsContext): News {
  switch (event.type) {
    case 'outcome': {
      const log = event.text;
      if (event.kind !== 'promoted') return { log };
      return { log, tell: { severity: 'information', message: `Learnt ${describeCommits(event.commits)} on ${event.branch}: version ${event.version ?? ''} serves now.` } };
    }
    case 'failed': {
      const log = `${event.code}: ${event.message}`;
      const now = learningAfter(before, event);
      if (now.kind === 'interrupted') return { log, tell: { severity: 'warning', message: `${name}: ${now.message}` } };
      if (now.kind === 'failed') return { log, tell: { severity: 'error', message: `Learning in ${name} failed: ${now.message}` } };
      return { log };
    }
    case 'engineEnded':
      // Nobody waits for an engine that does nothing. Where it did something, that fails, and the failure is told.
      return { log: before.kind === 'learning' ? event.message : `${event.message} Nothing was being learnt.` };
    case 'tell': {
      const now = learningAfter(before, event);
      return { log: event.why, ...(now.kind === 'failed' && event.why === 'engineCrashed' ? { tell: { severity: 'error', message: `Learning in ${name} failed: ${now.message}` } } : {}) };
    }
    case 'nothing':
      return { log: event.reason, ...(asked ? { tell: { severity: 'information', message: `${name}: nothing new since the last learnt commit.` } } : {}) };
    case 'slept':
    case 'note':
      return { log: event.text };
    case 'ready':
      return { log: `learning with ${event.model} on ${event.engine}` };
    case 'progress':
    case 'serve':
    case 'standing':
    case 'answered':
    case 'refused':
    case 'closed':
      return {};
  }
}

/** The learner's thread ended by itself; null: it is not started again for now. */
export function newsOfDeath(why: string, restartMs: number | null, { name, before }: Pick<NewsContext, 'name' | 'before'>): News {
  const during = before.kind === 'learning' ? 'while learning' : 'while nothing was being learnt';
  const next = restartMs !== null ? 'It is started again; completions go on.' : 'It ended too often and is started again in ten minutes; completions go on. The log says more.';
  return { log: `the learner ended ${during}: ${why}`, tell: { severity: 'warning', message: `The learner of ${name} ended ${during} (${firstLine(why)}). ${next}` } };
}

function describeCommits(commits: readonly string[]): string {
  const [first = '', ...rest] = commits.map((id) => id.slice(0, 8));
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
