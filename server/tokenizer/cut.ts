// Cutting text to a number of tokens. Cuts of a prefix fall on absolute line numbers that are multiples of eight, so that
// typing at its end leaves its beginning in place and the key-value cache of the last request can be used again.
import type { Tokenizer } from './tokenizer.ts';

const linesPerBlock = 8;
/** No tokenizer in use has more characters per token than this, save for runs of spaces. */
const charactersPerToken = 16;

/** The end of `text` in at most `budgetTokens` ids. */
export function keepEnd(tokenizer: Tokenizer, text: string, budgetTokens: number): number[] {
  if (budgetTokens <= 0) return [];
  if (text.length <= budgetTokens * charactersPerToken) {
    const whole = tokenizer.encode(text);
    if (whole.length <= budgetTokens) return whole;
  }
  const blockStarts = [0];
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (++line % linesPerBlock === 0) blockStarts.push(at + 1);
  }
  // Counted block by block from the end; a merge over a block's edge can only make the whole shorter, or by a token longer.
  let start = text.length;
  let tokens = 0;
  for (let index = blockStarts.length - 1; index >= 0; index--) {
    const blockStart = blockStarts[index] as number;
    if (start - blockStart > budgetTokens * charactersPerToken) break;
    tokens += tokenizer.encode(text.slice(blockStart, start)).length;
    if (tokens > budgetTokens) break;
    start = blockStart;
  }
  if (start === text.length) start = Math.max(0, text.length - budgetTokens * charactersPerToken);
  return tokenizer.encode(text.slice(start)).slice(-budgetTokens);
}

/** The beginning of `text` in at most `budgetTokens` ids, up to a line's end where that costs less than a quarter. */
export function keepStart(tokenizer: Tokenizer, text: string, budgetTokens: number): number[] {
  if (budgetTokens <= 0) return [];
  const ids = tokenizer.encode(text.slice(0, budgetTokens * charactersPerToken));
  if (ids.length <= budgetTokens) return ids;
  const kept = ids.slice(0, budgetTokens);
  const keptText = tokenizer.decode(kept);
  const lineEnd = keptText.lastIndexOf('\n');
  return lineEnd > keptText.length * 0.75 ? tokenizer.encode(keptText.slice(0, lineEnd)).slice(0, budgetTokens) : kept;
}
