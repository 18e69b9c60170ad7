// Pairs a tokenizer with an embedding: ids without a row would read foreign memory, and a tokenizer from another model
// makes noise that looks like a bad model.
import { TokenizerError } from './errors.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Checkpoints pad their embedding for the hardware (Qwen2.5 by 271 rows); more than this is another model's. */
const paddingRows = (rows: number): number => 1024 + rows * 0.1;

/** @throws TokenizerError 'tokenizerTooLarge' or 'tokenizerTooSmall'. */
export function assertTokenizerFits(tokenizer: Pick<Tokenizer, 'vocabularySize'>, embeddingRows: number): void {
  const { vocabularySize } = tokenizer;
  const advice = 'The tokenizer belongs to another model: put the tokenizer.json of the same checkpoint beside the weights.';
  if (vocabularySize > embeddingRows) {
    throw new TokenizerError({
      code: 'tokenizerTooLarge',
      message: `tokenizer.json has ${vocabularySize} tokens, but the model's embedding has only ${embeddingRows} rows. ${advice}`,
      details: { vocabularySize, embeddingRows },
    });
  }
  if (embeddingRows - vocabularySize > paddingRows(embeddingRows)) {
    throw new TokenizerError({
      code: 'tokenizerTooSmall',
      message: `tokenizer.json has only ${vocabularySize} tokens for an embedding of ${embeddingRows} rows. ${advice}`,
      details: { vocabularySize, embeddingRows },
    });
  }
}
