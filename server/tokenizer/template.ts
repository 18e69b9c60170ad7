// How a model family writes prompts: the only code that knows special tokens. Which family is decided by the special
// tokens that the tokenizer has, not by the model's name; a family without fill-in-the-middle tokens is refused.
import type { Prompt } from '../base/prompt.ts';
import { TokenizerError } from './errors.ts';
import { createQwenTemplate } from './qwenTemplate.ts';
import { createStarterTemplate } from './starterTemplate.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface Template {
  readonly family: 'starter' | 'qwen';
  /** True when the tokenizer has the control tokens for writing self-edits. */
  readonly writesSelfEdits: boolean;
  /** At most `budgetTokens` ids: the prefix is cut from the left, the suffix from the right, snippets fall out whole. */
  renderPrompt(prompt: Prompt, budgetTokens: number): number[];
  /** The answer's ids, without end of text. */
  renderAnswer(prompt: Prompt, answer: string): number[];
  /** Stop strings in this family's terms, with those that the prompt's kind always needs. */
  renderStop(prompt: Prompt, stop: readonly string[]): string[];
  /** What the model wrote, in the neutral form that selfEdit parses: `<|form_x|>question<|answer|>answer`. */
  readGenerated(prompt: Prompt, text: string): string;
}

export const fimTokens = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|repo_name|>', '<|file_sep|>'] as const;
export const controlTokens = [
  '<|question|>',
  '<|answer|>',
  '<|self_edit|>',
  '<|before|>',
  '<|after|>',
  '<|recipe|>',
  '<|form_rewrite|>',
  '<|form_implication|>',
  '<|form_question|>',
  '<|form_usage|>',
  '<|form_contrast|>',
] as const;

/** @throws TokenizerError 'modelFamilyUnsupported', naming what is missing. */
export function templateFor(tokenizer: Tokenizer): Template {
  const missing = (names: readonly string[]): string[] => names.filter((name) => tokenizer.special(name) === undefined);
  const missingFim = missing(fimTokens);
  if (missingFim.length > 0) {
    throw new TokenizerError({
      code: 'modelFamilyUnsupported',
      message: `This model cannot fill in the middle: its tokenizer lacks ${missingFim.join(', ')}. Choose a Qwen2.5-Coder model (the base one rather than Instruct) or the starter model.`,
      details: { missing: missingFim },
    });
  }
  return missing(controlTokens).length === 0 ? createStarterTemplate(tokenizer) : createQwenTemplate(tokenizer);
}
