// Parts to token ids, and shards of documents on disk: NAME.bin holds uint16 ids, NAME.index uint32 document starts.
// User text goes through a tokenizer without added tokens, so that it can never contain a special.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Part } from './templates.ts';

export class Encoder {
  readonly #tokenizer: Tokenizer;
  readonly #specials: Map<string, number>;

  constructor(modelFolder: string) {
    const tokenizer = JSON.parse(readFileSync(join(modelFolder, 'tokenizer.json'), 'utf8'));
    const config = JSON.parse(readFileSync(join(modelFolder, 'tokenizer_config.json'), 'utf8'));
    this.#specials = new Map(tokenizer.added_tokens.map((token: { content: string; id: number }) => [token.content, token.id]));
    this.#tokenizer = new Tokenizer({ ...tokenizer, added_tokens: [] }, { ...config, added_tokens_decoder: {}, additional_special_tokens: [] });
  }

  encode(parts: Part[]): number[] {
    return parts.flatMap((part) => ('special' in part ? [this.#specials.get(part.special)!] : part.text === '' ? [] : this.#tokenizer.encode(part.text, { add_special_tokens: false }).ids));
  }
}

export function writeShard(folder: string, name: string, documents: number[][]): void {
  const total = documents.reduce((sum, document) => sum + document.length, 0);
  const ids = new Uint16Array(total);
  const starts = new Uint32Array(documents.length);
  let at = 0;
  documents.forEach((document, index) => {
    starts[index] = at;
    ids.set(document, at);
    at += document.length;
  });
  writeFileSync(join(folder, `${name}.bin`), ids);
  writeFileSync(join(folder, `${name}.index`), starts);
  console.log(`${name}: ${documents.length} documents, ${total} tokens`);
}
