// An example as ids in one training row: the answer whole where that fits, and of the prompt what is left.
import type { Example } from '../base/prompt.ts';
import type { Template } from '../tokenizer/template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface RenderedExample {
  readonly prompt: number[];
  readonly answer: number[];
}

/** What training and scoring share. */
export interface RenderParts {
  readonly template: Template;
  readonly tokenizer: Tokenizer;
  readonly rowTokens: number;
}

/**
 * At most `rowTokens` in all. For training the answer ends with end of text; one over half a row is cut, and then has none: the model shall not learn
 * to stop there. What is scored never has it: where to stop is format, which an adapter learns from any project's code.
 */
export function renderExample({ prompt, answer }: Example, { template, tokenizer, rowTokens }: RenderParts, use: 'train' | 'score'): RenderedExample {
  const whole = [...template.renderAnswer(prompt, answer), ...(use === 'train' ? [tokenizer.endOfText] : [])];
  const kept = whole.slice(0, Math.max(rowTokens >> 1, rowTokens - template.renderPrompt(prompt, rowTokens).length));
  return { prompt: template.renderPrompt(prompt, rowTokens - kept.length), answer: kept };
}
