// Special tokens by name, for templates that have already been matched to the tokenizer.
import { present } from '../base/assert.ts';
import type { Tokenizer } from './tokenizer.ts';

export function special(tokenizer: Tokenizer): (name: string) => number {
  return (name) => present(tokenizer.special(name), `special token ${name}`);
}
