// The page's status line: the result of an action stays until the next one, and an error is over with it.
import { expect, it } from 'vitest';
import type { ToReviewPage } from '../../../server/protocol/reviewPage.ts';
import { quiet, statusAfter, type StatusLine } from '../../../src/webviews/page/statusLine.ts';

const busy = (what: string | null) => ({ type: 'busy' as const, what });
const said = (message: string, severity: 'information' | 'error' = 'information') => ({ type: 'said' as const, severity, message });

it.each<[string, Exclude<ToReviewPage, { type: 'review' }>[], StatusLine]>([
  ['says what runs', [busy('Keeping …')], { busy: 'Keeping …', text: 'Keeping …', severity: 'information' }],
  ['says what it came to, also after it has ended', [busy('Keeping …'), said('It serves main now.'), busy(null)], { busy: null, text: 'It serves main now.', severity: 'information' }],
  ['no longer says that something runs which came to nothing', [busy('Keeping …'), busy(null)], quiet],
  ['keeps an error', [busy('Keeping …'), said('Its weights are gone.', 'error'), busy(null)], { busy: null, text: 'Its weights are gone.', severity: 'error' }],
  ['forgets the error when the next action begins', [said('Its weights are gone.', 'error'), busy('Retraining …')], { busy: 'Retraining …', text: 'Retraining …', severity: 'information' }],
])('%s', (_, messages, expected) => expect(messages.reduce(statusAfter, quiet)).toEqual(expected));
