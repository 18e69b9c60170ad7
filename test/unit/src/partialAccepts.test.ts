// Which edits count as taking part of a suggestion.
import { describe, expect, it } from 'vitest';
import { afterEdit, afterShow, type ShownSuggestion } from '../../../src/suggestions/partialAccepts.ts';

// `const a = fo|` with the suggestion replacing from `fo`: two characters are there already.
const shown: ShownSuggestion = { id: 's1', uri: 'file:///a.ts', text: 'format(value, 2);', startOffset: 10, consumed: 2 };
const insert = (rangeOffset: number, text: string, rangeLength = 0, uri = shown.uri) => ({ uri, rangeOffset, rangeLength, text });

function checkAccepted(edits: readonly ReturnType<typeof insert>[], expected: { acceptedLengths: readonly (number | null)[]; alive: boolean }): void {
  let current: ShownSuggestion | null = shown;
  const acceptedLengths = edits.map((edit) => {
    if (current === null) return null;
    const after = afterEdit(current, edit);
    current = after.shown;
    return after.acceptedLength;
  });
  expect({ acceptedLengths, alive: current !== null }).toEqual(expected);
}

describe('edits while a suggestion is shown', () => {
  it('sees an accepted word as partial acceptance, counted from the start of the suggestion', () => {
    checkAccepted([insert(12, 'rmat')], { acceptedLengths: [6], alive: true });
  });
  it('adds up words accepted one after the other', () => {
    checkAccepted([insert(12, 'rmat'), insert(16, '(value')], { acceptedLengths: [6, 12], alive: true });
  });
  it('does not count typing along', () => {
    checkAccepted([insert(12, 'r'), insert(13, 'm')], { acceptedLengths: [null, null], alive: true });
  });
  it('counts a word accepted after typing along', () => {
    checkAccepted([insert(12, 'r'), insert(13, 'mat')], { acceptedLengths: [null, 6], alive: true });
  });
  it('leaves the whole rest to the command that the editor runs', () => {
    checkAccepted([insert(12, 'rmat(value, 2);')], { acceptedLengths: [null], alive: false });
  });
  it('takes a bracket that closed itself for typing', () => {
    const bracket = { ...shown, text: 'fo()()', consumed: 2 };
    expect(afterEdit(bracket, insert(12, '()')).acceptedLength).toBeNull();
  });
  it.each([
    ['other text', insert(12, 'xyz')],
    ['text elsewhere', insert(3, 'rmat')],
    ['a replacement', insert(12, 'rmat', 1)],
    ['a deletion', insert(11, '', 1)],
  ])('drops the suggestion on %s', (_, edit) => checkAccepted([edit], { acceptedLengths: [null], alive: false }));
  it('tells the server once of a suggestion that is typed through, and counts what is taken from where it began', () => {
    const { shown: typed } = afterEdit(shown, insert(12, 'r'));
    const after = afterShow(typed, { ...shown, text: 'mat(value, 2);', startOffset: 13, consumed: 0 });
    expect(after.isNews).toBe(false);
    expect(afterEdit(after.shown, insert(13, 'mat')).acceptedLength).toBe(6);
  });
  it('tells it of another suggestion, and of the same one where it had left the screen', () => {
    expect(afterShow(shown, { ...shown, id: 's2' }).isNews).toBe(true);
    expect(afterShow(afterEdit(shown, insert(12, 'x')).shown, shown).isNews).toBe(true);
  });
  it('ignores edits of other documents', () => {
    checkAccepted([insert(12, 'rmat', 0, 'file:///b.ts')], { acceptedLengths: [null], alive: true });
  });
});
