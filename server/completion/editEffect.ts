// What an edit of the document is to the suggestion that is on the screen: elsewhere, typing along with it, or something else at its place.
// Pure. An edit is known by the texts before and after it, so one key in a run of equal characters may have been typed anywhere in that run.
import type { TextChange } from './textDifference.ts';

export type EditEffect =
  /** Above its place, which moves, or below, which leaves it (`by` 0). */
  | { readonly kind: 'elsewhere'; readonly by: number }
  /** So much of the suggestion stands in the document now: more was typed of it, or some of that was taken back. */
  | { readonly kind: 'along'; readonly typed: number }
  /** Code at its place was taken away and nothing was written instead: it is off the screen, and nobody has refused it. */
  | { readonly kind: 'erased' }
  /** Something else was written there. */
  | { readonly kind: 'over' };

export interface ShownText {
  readonly text: string;
  readonly start: number;
  /** How much of the text the document holds from `start` on. */
  readonly typed: number;
}

/** The editor inserts these at once for the first of the two characters. */
const autoClosed = new Set(['()', '[]', '{}', '""', "''", '``', '<>']);

/** `after`: the document's text after the edit. */
export function editEffect({ text, start, typed }: ShownText, edit: TextChange, after: string): EditEffect {
  const cursor = start + typed;
  const change = edit.removed === 0 ? insertedAt(cursor, edit, after) : edit;
  const { removed, inserted } = change;
  const end = change.start + removed;
  if (end < start) return { kind: 'elsewhere', by: inserted.length - removed };
  if (change.start > cursor) return { kind: 'elsewhere', by: 0 };
  const from = change.start - start;
  if (from >= 0 && end === cursor) {
    if (text.startsWith(inserted, from)) return { kind: 'along', typed: from + inserted.length };
    if (autoClosed.has(inserted) && text.startsWith(inserted.charAt(0), from)) return { kind: 'along', typed: from + 1 };
  }
  return inserted === '' ? { kind: 'erased' } : { kind: 'over' };
}

/** The same insertion as one at `place`, where it may as well have been there: `\n` before a `\n` reads like one after it. */
function insertedAt(place: number, change: TextChange, after: string): TextChange {
  const length = change.inserted.length;
  let { start } = change;
  // Codes of characters, since beyond the text's end they equal nothing.
  while (start > place && after.charCodeAt(start - 1) === after.charCodeAt(start - 1 + length)) start--;
  return start === place && start < change.start ? { start, removed: 0, inserted: after.slice(start, start + length) } : change;
}
