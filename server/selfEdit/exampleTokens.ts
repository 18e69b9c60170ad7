// What an example costs in tokens: the unit of every budget in this folder. Templates are counted by estimate, texts exactly.
import type { Example } from '../base/prompt.ts';

/** Control tokens, paths and the repository's name, by estimate: what templates add to the texts. */
const templateTokens = 12;

export function exampleTokens({ prompt, answer }: Example, countTokens: (text: string) => number): number {
  const texts =
    prompt.kind === 'fim'
      ? [prompt.prefix, prompt.suffix, ...prompt.context.map((snippet) => `${snippet.path}\n${snippet.text}`)]
      : prompt.kind === 'question'
        ? [prompt.question, prompt.code?.text ?? '']
        : [prompt.before, prompt.after];
  return templateTokens + texts.reduce((sum, text) => sum + countTokens(text), countTokens(answer));
}
