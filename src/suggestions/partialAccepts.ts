// Which part of a suggestion was taken, inferred from edits: the editor tells when one is accepted whole, and nothing else.
// Typing along one character at a time is not acceptance; two or more characters of the suggestion inserted at once are (accept word, accept line).
export interface ShownSuggestion {
  readonly id: string;
  readonly uri: string;
  readonly text: string;
  /** Offset in the document where `text` begins. */
  readonly startOffset: number;
  /** How much of `text` the document already holds before the cursor. */
  readonly consumed: number;
}

export interface Edit {
  readonly uri: string;
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

export interface AfterEdit {
  /** Null: the edit left the suggestion, or finished it. */
  readonly shown: ShownSuggestion | null;
  /** UTF-16 units from the start of the suggestion that are now accepted; null: the edit accepted nothing. */
  readonly acceptedLength: number | null;
}

/** What is followed after the editor was given `next`, and whether that is news to the server: what is typed through keeps its id, and is on the screen already. */
export function afterShow(shown: ShownSuggestion | null, next: ShownSuggestion): { readonly shown: ShownSuggestion; readonly isNews: boolean } {
  // The editor may keep either item: accepted lengths count from the one that the server was told of.
  return shown?.id === next.id && shown.uri === next.uri ? { shown, isNews: false } : { shown: next, isNews: true };
}

/** Typing an opening bracket or quote inserts its pair at once: that is typing, though it is two characters. */
const autoClosed = new Set(['()', '[]', '{}', '""', "''", '``', '<>']);

export function afterEdit(shown: ShownSuggestion, edit: Edit): AfterEdit {
  if (edit.uri !== shown.uri) return { shown, acceptedLength: null };
  const rest = shown.text.slice(shown.consumed);
  const follows = edit.rangeLength === 0 && edit.rangeOffset === shown.startOffset + shown.consumed && edit.text !== '' && rest.startsWith(edit.text);
  if (!follows) return { shown: null, acceptedLength: null };
  // The whole rest: the editor runs the item's command, which reports it.
  if (edit.text.length === rest.length) return { shown: null, acceptedLength: null };
  const consumed = shown.consumed + edit.text.length;
  const typed = edit.text.length === 1 || autoClosed.has(edit.text);
  return { shown: { ...shown, consumed }, acceptedLength: typed ? null : consumed };
}
