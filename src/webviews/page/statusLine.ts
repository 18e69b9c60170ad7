// The page's status line: what runs, or what the last action came to. That stays until the next action begins, whatever is drawn in between. Pure.
import type { ToReviewPage } from '../../../server/protocol/reviewPage.ts';

export interface StatusLine {
  /** Null: nothing runs, and the buttons can be pressed. */
  readonly busy: string | null;
  readonly text: string;
  readonly severity: 'information' | 'error';
}

export const quiet: StatusLine = { busy: null, text: '', severity: 'information' };

export function statusAfter(before: StatusLine, message: Exclude<ToReviewPage, { type: 'review' }>): StatusLine {
  if (message.type === 'said') return { ...before, text: message.message, severity: message.severity };
  if (message.what !== null) return { busy: message.what, text: message.what, severity: 'information' };
  // Nothing was said of it: then it is not said either that it still runs.
  return before.text === before.busy ? quiet : { ...before, busy: null };
}
