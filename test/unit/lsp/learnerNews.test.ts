// What of the learner's events reaches the log, and what interrupts the user.
import { expect, it } from 'vitest';
import { newsOf, newsOfDeath, type NewsContext } from '../../../server/lsp/learner/learnerNews.ts';
import type { RepositoryStatus } from '../../../server/protocol/assistant.ts';
import type { LearnerEvent } from '../../../server/protocol/learner.ts';

const idle: RepositoryStatus['learning'] = { kind: 'idle' };
const learning: RepositoryStatus['learning'] = { kind: 'learning', work: 'commits', phase: 'train', commits: ['c'], share: 0.3 };
const sleeping: RepositoryStatus['learning'] = { ...learning, work: 'sleep' };
const engineEnded: LearnerEvent = { type: 'engineEnded', message: 'The engine process ended (SIGKILL) and is started again.' };
const crashed: LearnerEvent = { type: 'failed', code: 'engineCrashed', message: 'The engine process ended by SIGKILL.' };

interface Said {
  readonly log: RegExp | undefined;
  readonly tell: readonly [severity: string, message: RegExp] | undefined;
}

function checkNews(event: LearnerEvent, context: Partial<NewsContext>, said: Said): void {
  const { log, tell } = newsOf(event, { name: 'app', before: idle, asked: false, ...context });
  expect({ log, tell }).toEqual({
    log: said.log && expect.stringMatching(said.log),
    tell: said.tell && { severity: said.tell[0], message: expect.stringMatching(said.tell[1]) },
  });
}

it.each<[string, LearnerEvent, Partial<NewsContext>, Said]>([
  ['logs, and does not tell, that an engine died that did nothing', engineEnded, {}, { log: /SIGKILL.*Nothing was being learnt/, tell: undefined }],
  ['logs that an engine died while learning', engineEnded, { before: learning }, { log: /SIGKILL\) and is started again\.$/, tell: undefined }],
  ['tells that learning was interrupted, and is repeated', crashed, { before: learning }, { log: /engineCrashed/, tell: ['warning', /^app: The engine process ended while learning.*learnt again/] }],
  ['logs that a sleep was interrupted', crashed, { before: sleeping }, { log: /engineCrashed/, tell: undefined }],
  ['tells when learning is not repeated any more', { type: 'tell', why: 'engineCrashed' }, { before: learning }, { log: /engineCrashed/, tell: ['error', /^Learning in app failed: .*each time.*Learn Now/] }],
  ['tells a failure by its first line', { type: 'failed', code: 'noSpace', message: 'The disk is full.\nat f' }, { before: learning }, { log: /at f/, tell: ['error', /^Learning in app failed: The disk is full\.$/] }],
  ['logs what holds learning back', { type: 'tell', why: 'budgetSpent' }, {}, { log: /budgetSpent/, tell: undefined }],
  ['tells who asked that there is nothing new', { type: 'nothing', reason: 'alreadyKnown' }, { asked: true }, { log: /alreadyKnown/, tell: ['information', /nothing new/] }],
  ['tells nobody who did not ask', { type: 'nothing', reason: 'alreadyKnown' }, {}, { log: /alreadyKnown/, tell: undefined }],
  [
    'tells of a version that serves',
    { type: 'outcome', kind: 'promoted', branch: 'main', commits: ['0123456789', 'abc'], version: 'f00', text: 'promoted' },
    {},
    { log: /promoted/, tell: ['information', /Learnt 01234567 and 1 more on main: version f00 serves now/] },
  ],
  ['says nothing of progress', { type: 'progress', work: 'commits', branch: 'main', commits: [], phase: 'train', share: 0, done: 0, total: 1 }, {}, { log: undefined, tell: undefined }],
])('%s', (_, event, context, said) => checkNews(event, context, said));

it.each<[string, number | null, RepositoryStatus['learning'], RegExp]>([
  ['while learning', 1_000, learning, /^The learner of app ended while learning \(out of memory\)\. It is started again; completions go on\.$/],
  ['while idle', 1_000, idle, /ended while nothing was being learnt/],
  ['too often', null, idle, /in ten minutes/],
])('says that the thread died %s', (_, restartMs, before, message) => {
  expect(newsOfDeath('out of memory\nat f', restartMs, { name: 'app', before }).tell).toEqual({ severity: 'warning', message: expect.stringMatching(message) });
});
