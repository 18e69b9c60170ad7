// Opens a model folder for text: the tokenizer in this process, the weights in the engine's.
import { join } from 'node:path';
import type { Files } from '../base/files.ts';
import type { EngineArguments } from '../protocol/engine.ts';
import { parseTokenizer } from '../tokenizer/byteLevelTokenizer.ts';
import { templateFor } from '../tokenizer/template.ts';
import type { Engine } from './engine.ts';
import { createLanguageModel } from './engineLanguageModel.ts';
import type { LanguageModel } from './languageModel.ts';

export interface OpenLanguageModelOptions {
  readonly engine: Engine;
  readonly files: Files;
  readonly open: EngineArguments<'open'>;
  readonly promptTokens?: number;
  readonly signal?: AbortSignal;
}

/** Rejects with TokenizerError or the engine's errors, each of which says what to do. */
export async function openLanguageModel({ engine, files, open, signal, ...limits }: OpenLanguageModelOptions): Promise<LanguageModel> {
  const path = join(open.modelFolder, 'tokenizer.json');
  const tokenizer = parseTokenizer(await files.readText(path), path);
  // Before the weights are read, which may take minutes the first time: an unsupported family is refused at once.
  templateFor(tokenizer);
  const info = await engine.open(open, { signal });
  return createLanguageModel({ engine, info, tokenizer, ...limits });
}
