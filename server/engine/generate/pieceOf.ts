// A single token's text, remembered: what a guide asks of up to 128 tokens per step.
import type { TokenText } from '../../tokenizer/tokenizer.ts';

/** '' for the ends of text; bytes that are half a character are U+FFFD. */
export function pieceOf(text: TokenText, id: number): string {
  if (text.stopIds.has(id)) return '';
  const known = pieces.get(text) ?? new Map<number, string>();
  pieces.set(text, known);
  let piece = known.get(id);
  if (piece === undefined) {
    const stream = text.stream();
    piece = stream.push(id).text + stream.end();
    known.set(id, piece);
  }
  return piece;
}

const pieces = new WeakMap<TokenText, Map<number, string>>();
