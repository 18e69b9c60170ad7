// The tokenizer of `writeTinyModel`, in memory.
import { parseTokenizer } from '../../server/tokenizer/byteLevelTokenizer.ts';
import type { Tokenizer } from '../../server/tokenizer/tokenizer.ts';
import { tinyTokenizer } from './tinyModel.ts';

export function createTinyTokenizer(specials: 'starter' | 'qwen' | 'plain' = 'starter'): Tokenizer {
  return parseTokenizer(JSON.stringify(tinyTokenizer(specials).json));
}
