// Reads one pair from what a model wrote after a form's control token: `{question}<|answer|>{answer}`.
// The text may be anything: other control tokens, nothing, ten thousand characters.
import type { Generated, WrittenForm } from '../base/prompt.ts';
import type { DroppedPair } from './pair.ts';

export interface WrittenPair {
  readonly form: WrittenForm;
  readonly question: string;
  readonly answer: string;
}

export type ParsedPair = { readonly kind: 'pair'; readonly pair: WrittenPair } | { readonly kind: 'dropped'; readonly dropped: DroppedPair };

/** Characters; seldom reached in the tokens that `writeSelfEdits` lets a model write. */
const longestQuestion = 600;
const longestAnswer = 600;

export function parseWrittenPair(form: WrittenForm, { text, finish }: Pick<Generated, 'text' | 'finish'>): ParsedPair {
  const dropped = (reason: DroppedPair['reason']): ParsedPair => ({ kind: 'dropped', dropped: { form, text: text.slice(0, 2 * longestQuestion), reason } });
  // A model that goes on to the next form, or ends, has finished this pair.
  const own = text.split(/<\|(?:form_\w+|endoftext|recipe)\|>/, 1)[0] ?? '';
  // Broken off, it would teach that the answer ends there.
  if (finish === 'length' && own.length === text.length) return dropped('tooLong');
  if (own.trim() === '') return dropped('empty');
  const parts = own.split('<|answer|>');
  if (parts.length !== 2) return dropped('unparsable');
  const question = clean(parts[0] ?? '').trim();
  const answer = clean(parts[1] ?? '').replace(/^\s*\n/, '').trimEnd();
  if (question === '' || answer.trim() === '') return dropped('empty');
  // Any other control token inside means that the model lost the format; rendered into a prompt it would be mere text, and teach nonsense.
  if (/<\|\w+\|>/.test(question + answer)) return dropped('unparsable');
  if (question.length > longestQuestion || answer.length > longestAnswer) return dropped('tooLong');
  return { kind: 'pair', pair: { form, question, answer } };
}

/** Without control characters (tab and newline stay) and without U+FFFD, which stands for half a character. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/g, '');
}
