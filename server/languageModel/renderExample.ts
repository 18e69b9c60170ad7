// An example as ids in one training row: the answer whole with end of text where that fits, and of the prompt what is left.
import type { Example } from '../base/prompt.ts';
import type { Template } from '../tokenizer/template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface RenderedExample {
  readonly prompt: number[];
  readonly answer: number[];
}

/** At most `rowTokens` in all. An answer over half a row is cut, and then has no end of text: the model shall not learn to stop there. */
export function renderExample(
  { prompt, answer }: Example,
  { template, tokenizer, rowTokens }: { readonly template: Template; readonly tokenizer: Tokenizer; readonly rowTokens: number },
): RenderedExample {
  const whole = [...template.renderAnswer(prompt, answer), tokenizer.endOfText];
  const kept = whole.slice(0, Math.max(rowTokens >> 1, rowTokens - template.renderPrompt(prompt, rowTokens).length));
  return { prompt: template.renderPrompt(prompt, rowTokens - kept.length), answer: kept };
}
