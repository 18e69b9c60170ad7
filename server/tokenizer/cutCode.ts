// A change's code before and after, cut to fit a prompt together.
import type { SelfEditPrompt } from '../base/prompt.ts';
import { keepStart } from './cut.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The new code matters more: it gets what the old one leaves, and at least half. */
export function cutCode(tokenizer: Tokenizer, prompt: SelfEditPrompt, room: number): { before: number[]; after: number[] } {
  const wholeAfter = keepStart(tokenizer, `\n${prompt.after}\n`, room);
  const before = keepStart(tokenizer, `\n${prompt.before}\n`, Math.max(room - wholeAfter.length, room >> 1));
  const after = wholeAfter.length + before.length <= room ? wholeAfter : keepStart(tokenizer, `\n${prompt.after}\n`, room - before.length);
  return { before, after };
}
