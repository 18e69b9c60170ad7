// Fill in the middle as Qwen2.5-Coder was trained on it and the starter family is: repository, snippets of other files,
// then the file around the gap. https://github.com/QwenLM/Qwen2.5-Coder, "repository level code completion".
import type { FimPrompt } from '../base/prompt.ts';
import { keepEnd, keepStart } from './cut.ts';
import type { Tokenizer } from './tokenizer.ts';
import { special } from './special.ts';

/** First claims; what one part leaves, the prefix may take. */
const prefixShare = 0.6;
const suffixShare = 0.15;
const pathTokens = 48;
const repositoryTokens = 24;

export function renderFim(tokenizer: Tokenizer, prompt: FimPrompt, budgetTokens: number): number[] {
  const token = special(tokenizer);
  const repository = [token('<|repo_name|>'), ...keepEnd(tokenizer, `${prompt.repository}\n`, Math.min(repositoryTokens, budgetTokens >> 3))];
  const path = [token('<|file_sep|>'), ...keepEnd(tokenizer, `${prompt.path}\n`, Math.min(pathTokens, budgetTokens >> 2))];
  const frame = repository.length + path.length + 3;
  const room = Math.max(0, budgetTokens - frame);

  const suffix = keepStart(tokenizer, prompt.suffix, Math.floor(room * suffixShare));
  const firstPrefix = keepEnd(tokenizer, prompt.prefix, Math.floor(room * prefixShare));
  const context: number[] = [];
  let contextRoom = room - suffix.length - firstPrefix.length;
  for (const snippet of prompt.context) {
    const ids = [token('<|file_sep|>'), ...tokenizer.encode(`${snippet.path}\n${snippet.text}\n`)];
    if (ids.length > contextRoom) continue;
    context.push(...ids);
    contextRoom -= ids.length;
  }
  const prefix = contextRoom > 0 ? keepEnd(tokenizer, prompt.prefix, firstPrefix.length + contextRoom) : firstPrefix;
  const suffixRoom = room - context.length - prefix.length;
  const wholeSuffix = suffixRoom > suffix.length ? keepStart(tokenizer, prompt.suffix, suffixRoom) : suffix;
  return [
    ...repository,
    ...context,
    ...path,
    token('<|fim_prefix|>'),
    ...prefix,
    token('<|fim_suffix|>'),
    ...wholeSuffix,
    token('<|fim_middle|>'),
  ];
}
