// Where a completion is asked for, as the model sees it: with the suggest widget's selected item already inserted, so that whatever comes agrees
// with it (VS Code drops what does not).
import type { TextRange } from '../base/textRange.ts';
import type { CompletionRequest } from './completionRequest.ts';
import type { CompletionSettings } from './completionSettings.ts';
import type { NoSuggestionReason } from './noSuggestion.ts';

export interface Position {
  readonly prefix: string;
  readonly suffix: string;
  /** What the suggestion's text begins with and replaces; '' without a widget. */
  readonly selectedText: string;
  /** In offsets of the document. */
  readonly range: TextRange;
  /** Where the suggested text will stand in the document, the selected item inserted. */
  readonly documentOffset: number;
}

/** Beyond this the cursor stands in the middle of something that is written already. */
const mostAfterCursor = 8;
/** Beyond this a key costs the server more than 10 ms, and nobody writes such a file by hand. */
const largestFile = 1_000_000;

export function positionOf({ document: { text }, offset, selected }: Pick<CompletionRequest, 'document' | 'offset' | 'selected'>): Position {
  const end = Math.max(offset, selected?.end ?? offset);
  const start = selected?.start ?? offset;
  const prefix = text.slice(0, start) + (selected?.text ?? '');
  return { prefix, suffix: text.slice(end), selectedText: selected?.text ?? '', range: { start, end }, documentOffset: prefix.length };
}

/** Null: it may be asked here. */
export function whyNotHere({ document: { text }, offset, trigger, selected }: CompletionRequest, { suffix }: Position, { automatic }: CompletionSettings): NoSuggestionReason | null {
  if (text.length > largestFile) return 'fileTooLarge';
  if (selected !== undefined && !selected.text.toLowerCase().startsWith(text.slice(selected.start, offset).toLowerCase())) return 'widgetDisagrees';
  if (trigger === 'invoked') return null;
  if (!automatic) return 'automaticOff';
  const after = suffix.split('\n', 1)[0] ?? '';
  if (isName(text[offset - 1]) && isName(after[0])) return 'insideWord';
  return after.trim().length > mostAfterCursor ? 'textAfterCursor' : null;
}

function isName(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}
