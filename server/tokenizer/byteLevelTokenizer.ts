// A tokenizer from a Hugging Face tokenizer.json: the only door to @huggingface/tokenizers. The library encodes; decoding
// is done here from the vocabulary's bytes, because the library's own decoder throws on [], "cleans up" spaces, and cannot
// say which bytes a token has, which streaming needs.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { TokenizerError } from './errors.ts';
import { endsPiecesAtLines, rememberedByLine } from './rememberedLines.ts';
import { createTextStream } from './textStream.ts';
import type { Tokenizer } from './tokenizer.ts';

/** @throws TokenizerError 'tokenizerUnreadable' or 'tokenizerNotByteLevel'; `source` names the file in the message. */
export function parseTokenizer(text: string, source = 'tokenizer.json'): Tokenizer {
  const file = readFile(text, source);
  if (!isByteLevel(file)) {
    throw new TokenizerError({
      code: 'tokenizerNotByteLevel',
      message: `${source} is not a byte-level BPE tokenizer. Graft reads the tokenizers of the Qwen and Llama 3 families and of its own starter model; choose such a model.`,
      details: { source },
    });
  }
  const specials = new Map(file.added_tokens.map((token) => [token.content, token.id]));
  const endOfText = specials.get('<|endoftext|>') ?? specials.get('<|end_of_text|>');
  if (endOfText === undefined) {
    throw new TokenizerError({
      code: 'modelFamilyUnsupported',
      message: `${source} has no end-of-text token that Graft knows (<|endoftext|>). Choose a Qwen2.5-Coder model or the starter model.`,
      details: { source },
    });
  }

  // No added tokens: text from a repository that spells "<|fim_prefix|>" stays text.
  const encoder = new HuggingFaceTokenizer({ ...(JSON.parse(text) as object), added_tokens: [] }, { clean_up_tokenization_spaces: false });
  const encodePlain = (plain: string): number[] => (plain === '' ? [] : encoder.encode(plain, { add_special_tokens: false }).ids);
  const encode = canBeReadByLine(file) ? rememberedByLine(encodePlain) : encodePlain;
  const letters = invert(file.model.vocab);
  const names = new Map(file.added_tokens.map((token) => [token.id, token.content]));
  let vocabularySize = 0;
  for (const id of letters.keys()) vocabularySize = Math.max(vocabularySize, id + 1);
  for (const id of names.keys()) vocabularySize = Math.max(vocabularySize, id + 1);

  const bytesById = new Map<number, Uint8Array>();
  const bytesOf = (id: number): Uint8Array => {
    const known = bytesById.get(id);
    if (known) return known;
    const name = id === endOfText ? '' : names.get(id);
    const bytes = name === undefined ? bytesOfLetters(letters.get(id) ?? '') : utf8.encode(name);
    bytesById.set(id, bytes);
    return bytes;
  };
  // What only ever stands in a prompt also ends a text: a model that writes it has begun another file.
  const stopIds = new Set([endOfText]);
  for (const name of endingTokens) {
    const id = specials.get(name);
    if (id !== undefined) stopIds.add(id);
  }

  return {
    vocabularySize,
    endOfText,
    stopIds,
    encode: (plain) => encode(plain.replaceAll(loneSurrogate, '\ufffd')),
    decode: (ids) => {
      const stream = createTextStream(bytesOf, []);
      let out = '';
      for (const id of ids) out += stream.push(id).text;
      return out + stream.end();
    },
    stream: (stop = []) => createTextStream(bytesOf, stop),
    special: (name) => specials.get(name),
  };
}

const utf8 = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/gu;

const endingTokens = [
  '<|fim_prefix|>',
  '<|fim_suffix|>',
  '<|fim_middle|>',
  '<|fim_pad|>',
  '<|repo_name|>',
  '<|file_sep|>',
  '<|question|>',
  '<|self_edit|>',
  '<|before|>',
  '<|after|>',
  '<|im_start|>',
  '<|im_end|>',
];

const componentSchema: z.ZodType<{ type: string; pretokenizers?: unknown[] | undefined; decoders?: unknown[] | undefined }> = z.looseObject({
  type: z.string(),
  pretokenizers: z.array(z.unknown()).optional(),
  decoders: z.array(z.unknown()).optional(),
});

const cutSchema = z.looseObject({
  type: z.string(),
  pattern: z.looseObject({ Regex: z.string().optional() }).optional(),
  behavior: z.string().optional(),
  invert: z.boolean().optional(),
  use_regex: z.boolean().optional(),
  add_prefix_space: z.boolean().optional(),
});

const fileSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string().min(1) })).default([]),
  normalizer: componentSchema.nullish(),
  pre_tokenizer: componentSchema.nullish(),
  post_processor: componentSchema.nullish(),
  decoder: componentSchema.nullish(),
  model: z.looseObject({ type: z.string().optional(), vocab: z.record(z.string(), z.int().nonnegative()), merges: z.array(z.unknown()), dropout: z.number().nullish() }),
});

type TokenizerFile = z.output<typeof fileSchema>;

function readFile(text: string, source: string): TokenizerFile {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TokenizerError({
      code: 'tokenizerUnreadable',
      message: `${source} is damaged or is not a BPE tokenizer. Fetch the model again, or choose another.`,
      details: { source },
      cause,
    });
  }
}

function isByteLevel(file: TokenizerFile): boolean {
  const parts = (part: { type: string; pretokenizers?: unknown[] | undefined; decoders?: unknown[] | undefined } | null | undefined): string[] =>
    part ? [part.type, ...[...(part.pretokenizers ?? []), ...(part.decoders ?? [])].map((inner) => String((inner as { type?: unknown }).type))] : [];
  return parts(file.pre_tokenizer).includes('ByteLevel') && parts(file.decoder).includes('ByteLevel');
}

/** Nothing but the known pattern may cut, and nothing may be put before or after a text. */
function canBeReadByLine({ normalizer, pre_tokenizer: cuts, model, post_processor: after }: TokenizerFile): boolean {
  const [split, bytes, ...more] = z.array(cutSchema).safeParse(cuts?.pretokenizers).data ?? [];
  const patterned = split?.type === 'Split' && split.behavior === 'Isolated' && split.invert !== true && endsPiecesAtLines(split.pattern?.Regex ?? '');
  const plainBytes = bytes?.type === 'ByteLevel' && bytes.use_regex === false && bytes.add_prefix_space !== true && more.length === 0;
  const alone = [undefined, null, 'NFC'].includes(normalizer?.type) && [undefined, null, 'ByteLevel'].includes(after?.type) && !model.dropout;
  return patterned && plainBytes && alone;
}

function invert(vocabulary: Readonly<Record<string, number>>): Map<number, string> {
  const out = new Map<number, string>();
  for (const [token, id] of Object.entries(vocabulary)) out.set(id, token);
  return out;
}

/** GPT-2's table: printable bytes stand for themselves, the others for the letters from U+0100 on. */
const byteByLetter = new Map<string, number>();
{
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    byteByLetter.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
}

function bytesOfLetters(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of token) {
    const byte = byteByLetter.get(letter);
    if (byte === undefined) bytes.push(...utf8.encode(letter));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
