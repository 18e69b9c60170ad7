// What is recorded of a suggestion, by the times of the field: 750 ms, 10 s, 15 to 600 s.
import { describe, expect, it } from 'vitest';
import { decideFeedback, nextFeedbackMs, nothingShown, type FeedbackEvent, type Tracked } from '../../../server/completion/feedback.ts';

const suggestion: Tracked = { id: 'c1', folder: '/r', path: 'a.ts', uri: 'file:///r/a.ts', version: 'v1', confidence: 0.5, text: 'add(a, b);', start: 10 };
const { uri } = suggestion;
const shown: FeedbackEvent = { kind: 'shown', suggestion, atMs: 0 };
const typed = (inserted: string, atMs: number, start = 10): FeedbackEvent => edited({ start, inserted }, atMs);
const edited = ({ start, removed = 0, inserted = '' }: { start: number; removed?: number; inserted?: string }, atMs: number): FeedbackEvent => ({ kind: 'edited', uri, change: { start, removed, inserted }, text: '', atMs });
/** What is left of it after its first character, as the editor is given it. */
const rest = (atMs: number): FeedbackEvent => ({ kind: 'shown', suggestion: { ...suggestion, text: 'dd(a, b);', start: 11 }, atMs });
const time = (atMs: number, text = ''): FeedbackEvent => ({ kind: 'time', atMs, textOf: () => text });
const accepted = (atMs: number): FeedbackEvent => ({ kind: 'accepted', id: 'c1', atMs });

function play(events: readonly FeedbackEvent[]) {
  let state = nothingShown;
  const records: string[] = [];
  const surprises: string[] = [];
  for (const event of events) {
    const decided = decideFeedback(state, event);
    state = decided.state;
    for (const { event: recorded } of decided.records) records.push(Object.values(recorded).join(' '));
    for (const { written } of decided.surprises) surprises.push(written);
  }
  return { state, records, surprises };
}

describe('feedback', () => {
  const cases: readonly [title: string, events: readonly FeedbackEvent[], records: readonly string[]][] = [
    ['says nothing of what was not seen long enough', [shown, typed('x', 700)], []],
    ['counts typing something else as a rejection', [shown, typed('x', 800)], ['shown 800', 'rejected typedOver']],
    ['counts leaving it for ten seconds as a rejection', [shown, time(9_999), time(10_000)], ['shown 10000', 'rejected leftUnused']],
    ['goes along with typing that agrees', [shown, typed('a', 900), typed('d', 1000, 11), time(9_999)], []],
    ['rejects where agreeing typing ends', [shown, typed('a', 900), typed('x', 1000, 11)], ['shown 1000', 'rejected typedOver']],
    ['goes along with a bracket that the editor closed', [shown, typed('add', 100), typed('()', 900, 13), typed('a', 1000, 14), time(9_999)], []],
    ['leaves it where code below is edited', [shown, edited({ start: 40, removed: 3, inserted: 'formatted' }, 900), typed('a', 1000), time(9_999)], []],
    ['moves it where code above is edited, also by as much as was there', [shown, edited({ start: 2, removed: 3, inserted: 'new' }, 900), edited({ start: 2, removed: 1 }, 950), typed('a', 1000, 9), time(9_999)], []],
    ['does not count erasing as a rejection', [shown, edited({ start: 8, removed: 2 }, 900)], ['shown 900']],
    ['neither takes nor refuses what was typed out and gone on from', [shown, typed('add(a, b);', 900), typed('\n', 1000, 20)], ['shown 1000']],
    ['neither takes nor refuses what was typed out', [shown, typed('add(a, b);', 900), time(10_000)], ['shown 10000']],
    ['records an acceptance however short', [shown, typed('add(a, b);', 300), accepted(310)], ['shown 310', 'accepted']],
    ['looks whether it still stands', [shown, accepted(1000), time(16_000, 'const c = add(a, b);'), time(31_000, 'const c = 1')], ['shown 1000', 'accepted', 'kept 15', 'changed 30']],
    ['catches up where nobody asked for long', [shown, accepted(0), time(200_000, 'add(a, b);')], ['shown 0', 'accepted', 'kept 15', 'kept 30', 'kept 120']],
    ['keeps the part that was taken', [shown, { kind: 'partlyAccepted', id: 'c1', length: 4, atMs: 900 }, time(16_000, 'add(1)')], ['shown 900', 'partlyAccepted 4', 'kept 15']],
    ['replaces what is on the screen', [shown, { kind: 'shown', suggestion: { ...suggestion, id: 'c2' }, atMs: 1000 }], ['shown 1000']],
    ['goes on with what is left of one that is typed through', [shown, typed('a', 400), rest(600), typed('x', 900, 11)], ['shown 900', 'rejected typedOver']],
    ['knows what is left of it when it is taken', [shown, typed('a', 400), rest(600), accepted(700), time(16_000, 'add(a, b);')], ['shown 700', 'accepted', 'kept 15']],
    ['follows one again that was taken back', [shown, typed('x', 900), { ...shown, atMs: 1000 }, accepted(1100)], ['shown 900', 'rejected typedOver', 'shown 100', 'accepted']],
    ['counts what is left of one that was taken in part as that one', [shown, { kind: 'partlyAccepted', id: 'c1', length: 4, atMs: 900 }, rest(950), accepted(1000)], ['shown 900', 'partlyAccepted 4', 'accepted']],
    ['forgets a closed document', [shown, { kind: 'closed', uri }, time(20_000)], []],
  ];
  it.each(cases)('%s', (_, events, records) => {
    expect(play(events).records).toEqual(records);
  });

  it('tells what was written over a suggestion of low confidence, when it is finished', () => {
    expect(play([shown, typed('s', 800), time(10_700, 'const c = s'), time(10_800, 'const c = sum(1);\nnext')]).surprises).toEqual(['const c = sum(1);']);
    expect(play([{ kind: 'shown', suggestion: { ...suggestion, confidence: 0.9 }, atMs: 0 }, typed('s', 800), time(20_000, 'const c = sum(1);')]).surprises).toEqual([]);
  });

  it('follows nothing any more in a working tree whose feedback was erased', () => {
    const elsewhere: FeedbackEvent = { kind: 'shown', suggestion: { ...suggestion, id: 'c2', folder: '/other' }, atMs: 0 };
    const accept: FeedbackEvent = { kind: 'accepted', id: 'c2', atMs: 900 };
    const { state, records, surprises } = play([shown, typed('x', 800), elsewhere, accept, { kind: 'erased', folder: '/r' }, time(10_900, 'x = sum(1);'), time(16_000, 'add(a, b);')]);
    expect({ records, surprises }).toEqual({ records: ['shown 800', 'rejected typedOver', 'shown 900', 'accepted', 'kept 15'], surprises: [] });
    expect(state.following.map(({ id }) => id)).toEqual(['c2']);
  });

  it('moves with edits above', () => {
    const { state } = play([shown, accepted(0), typed('\n\n', 100, 3)]);
    expect(state.following[0]?.start).toBe(12);
  });

  it('says when to look next', () => {
    expect(nextFeedbackMs(nothingShown)).toBeNull();
    expect(nextFeedbackMs(play([shown]).state)).toBe(10_000);
    expect(nextFeedbackMs(play([shown, accepted(500)]).state)).toBe(15_500);
  });
});
