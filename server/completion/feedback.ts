// What becomes of suggestions, as `decide(state, event)`: seen for 750 ms or not seen at all; rejected by typing something else or by leaving it
// for 10 s; and, where it was accepted, whether it still stands after 15 s to 10 min. No timer and no editor in here.
import { editEffect } from './editEffect.ts';
import type { FeedbackRecord, Surprise } from './feedbackRecord.ts';
import type { TextChange } from './textDifference.ts';

export interface Tracked {
  readonly id: string;
  readonly folder: string;
  readonly path: string;
  readonly uri: string;
  readonly version: string | null;
  readonly confidence: number;
  readonly text: string;
  /** Where the text would stand, or stands. */
  readonly start: number;
}

type Following = Tracked &
  (
    | { readonly phase: 'shown'; readonly shownAtMs: number; readonly typed: number }
    /** Low confidence, and the user writes something else: what, is read when it is finished. */
    | { readonly phase: 'surprised'; readonly sinceMs: number }
    | { readonly phase: 'accepted'; readonly acceptedAtMs: number; readonly checks: number; readonly kept: string }
  );

export interface FeedbackState {
  readonly following: readonly Following[];
}

export type FeedbackEvent =
  | { readonly kind: 'shown'; readonly suggestion: Tracked; readonly atMs: number }
  | { readonly kind: 'accepted'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'partlyAccepted'; readonly id: string; readonly length: number; readonly atMs: number }
  | { readonly kind: 'edited'; readonly uri: string; readonly change: TextChange; /** The document's text after it. */ readonly text: string; readonly atMs: number }
  | { readonly kind: 'closed'; readonly uri: string }
  /** The user erased what was recorded in this working tree: nothing that is still followed there may be recorded later. */
  | { readonly kind: 'erased'; readonly folder: string }
  | { readonly kind: 'time'; readonly atMs: number; readonly textOf: (uri: string) => string | undefined };

export interface Feedback {
  readonly state: FeedbackState;
  readonly records: readonly FeedbackRecord[];
  readonly surprises: readonly Surprise[];
}

export const nothingShown: FeedbackState = { following: [] };
const seenMs = 750;
const leftUnusedMs = 10_000;
const writtenAfterMs = 10_000;
const checkSeconds = [15, 30, 120, 300, 600] as const;
/** Less sure than this and typed over: worth a look by the next sleep cycle. */
export const surprisingBelow = 0.6;
/** An accepted text may have moved without our seeing it (formatters); it is looked for so far around its place. */
const searchAround = 2000;

export function decideFeedback(state: FeedbackState, event: FeedbackEvent): Feedback {
  switch (event.kind) {
    case 'shown': {
      const { suggestion, atMs } = event;
      const same = state.following.find(({ id }) => id === suggestion.id);
      // Taken in part: what is left of it is shown, and counts as this one.
      if (same?.phase === 'accepted') return quiet(state.following);
      // One is on the screen at a time: the one before has been replaced. What is left of the same one, typed through, has been there since it was first shown.
      const records = state.following.flatMap((each) => (each.phase === 'shown' && each !== same ? seen(each, atMs) : []));
      const others = state.following.filter((each) => each.phase !== 'shown' && each !== same);
      const shownAtMs = same?.phase === 'shown' ? same.shownAtMs : atMs;
      return { state: { following: [...others, { ...suggestion, phase: 'shown', shownAtMs, typed: 0 }] }, records, surprises: [] };
    }
    case 'accepted':
    case 'partlyAccepted': {
      const { id, atMs } = event;
      const found = state.following.find((each) => each.id === id);
      if (found === undefined) return quiet(state.following);
      const kept = event.kind === 'accepted' ? found.text : found.text.slice(0, event.length);
      const others = state.following.filter((each) => each !== found);
      const shown = found.phase === 'shown' ? [record(found, { kind: 'shown', milliseconds: atMs - found.shownAtMs }, atMs)] : [];
      const accepted = record(found, event.kind === 'accepted' ? { kind: 'accepted' } : { kind: 'partlyAccepted', length: event.length }, atMs);
      return { state: { following: [...others, { ...trackedOf(found), phase: 'accepted', acceptedAtMs: atMs, checks: 0, kept }] }, records: [...shown, accepted], surprises: [] };
    }
    case 'edited':
      return edited(state, event);
    case 'closed':
      return quiet(state.following.filter(({ uri }) => uri !== event.uri));
    case 'erased':
      return quiet(state.following.filter(({ folder }) => folder !== event.folder));
    case 'time':
      return timePassed(state, event);
  }
}

/** When `time` has something to say next; null: never. */
export function nextFeedbackMs({ following }: FeedbackState): number | null {
  const due = following.map((each) => {
    if (each.phase === 'shown') return each.shownAtMs + leftUnusedMs;
    if (each.phase === 'surprised') return each.sinceMs + writtenAfterMs;
    return each.acceptedAtMs + (checkSeconds[each.checks] ?? 0) * 1000;
  });
  return due.length === 0 ? null : Math.min(...due);
}

function edited({ following }: FeedbackState, { uri, change, text, atMs }: Extract<FeedbackEvent, { kind: 'edited' }>): Feedback {
  const left: Following[] = [];
  const records: FeedbackRecord[] = [];
  for (const each of following) {
    if (each.uri !== uri) left.push(each);
    else if (each.phase !== 'shown') left.push(change.start + change.removed <= each.start ? { ...each, start: each.start + change.inserted.length - change.removed } : each);
    else {
      const effect = editEffect(each, change, text);
      if (effect.kind === 'elsewhere') left.push({ ...each, start: each.start + effect.by });
      else if (effect.kind === 'along') left.push({ ...each, typed: effect.typed });
      // Typed out by hand and gone on from: neither taken nor refused.
      else if (effect.kind === 'erased' || each.typed === each.text.length) records.push(...seen(each, atMs));
      else {
        const rejected = seen(each, atMs, 'typedOver');
        records.push(...rejected);
        if (rejected.length > 0 && each.confidence < surprisingBelow) left.push({ ...trackedOf(each), phase: 'surprised', sinceMs: atMs });
      }
    }
  }
  return { state: { following: left }, records, surprises: [] };
}

function timePassed({ following }: FeedbackState, { atMs, textOf }: Extract<FeedbackEvent, { kind: 'time' }>): Feedback {
  const left: Following[] = [];
  const records: FeedbackRecord[] = [];
  const surprises: Surprise[] = [];
  for (const each of following) {
    if (each.phase === 'shown') {
      if (atMs - each.shownAtMs < leftUnusedMs) left.push(each);
      // Typed out by hand: neither taken nor refused.
      else records.push(...(each.typed === each.text.length ? seen(each, atMs) : seen(each, atMs, 'leftUnused')));
      continue;
    }
    if (each.phase === 'surprised') {
      if (atMs - each.sinceMs < writtenAfterMs) left.push(each);
      else surprises.push(surprise(each, { text: textOf(each.uri) ?? '', atMs }));
      continue;
    }
    let [checks, stands] = [each.checks, true];
    for (let afterSeconds = checkSeconds[checks]; stands && afterSeconds !== undefined && atMs - each.acceptedAtMs >= afterSeconds * 1000; afterSeconds = checkSeconds[++checks]) {
      stands = isThere(each, textOf(each.uri));
      records.push(record(each, { kind: stands ? 'kept' : 'changed', afterSeconds }, atMs));
    }
    if (stands && checks < checkSeconds.length) left.push({ ...each, checks });
  }
  return { state: { following: left }, records, surprises: surprises.filter(({ written }) => written.trim() !== '') };
}

function isThere({ start, kept }: Extract<Following, { phase: 'accepted' }>, text: string | undefined): boolean {
  return text !== undefined && text.slice(Math.max(0, start - searchAround), start + kept.length + searchAround).includes(kept.trim());
}

/** What was on the screen too shortly to be read says nothing. */
function seen(each: Extract<Following, { phase: 'shown' }>, atMs: number, why?: 'typedOver' | 'leftUnused'): FeedbackRecord[] {
  const milliseconds = atMs - each.shownAtMs;
  if (milliseconds < seenMs) return [];
  return [record(each, { kind: 'shown', milliseconds }, atMs), ...(why === undefined ? [] : [record(each, { kind: 'rejected', why }, atMs)])];
}

function surprise(each: Tracked, { text, atMs }: { readonly text: string; readonly atMs: number }): Surprise {
  const lineStart = text.lastIndexOf('\n', each.start - 1) + 1;
  const lineEnd = text.indexOf('\n', each.start);
  return { folder: each.folder, path: each.path, version: each.version, atMs, confidence: each.confidence, suggested: each.text, written: text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd) };
}

function record(each: Tracked, event: FeedbackRecord['event'], atMs: number): FeedbackRecord {
  const { id, folder, path, version, confidence, text } = each;
  return { id, atMs, event, folder, path, version, confidence, text };
}

function trackedOf({ id, folder, path, uri, version, confidence, text, start }: Tracked): Tracked {
  return { id, folder, path, uri, version, confidence, text, start };
}

function quiet(following: readonly Following[]): Feedback {
  return { state: { following }, records: [], surprises: [] };
}
