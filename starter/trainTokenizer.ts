// Trains the byte-level BPE on WORK/files.jsonl (held-out packages excluded) and writes tokenizer.json and its companions into MODEL.
// Usage: npx tsx starter/trainTokenizer.ts WORK MODEL
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SourceFile } from './corpus.ts';
import { specialTokens } from './templates.ts';

const vocabularySize = 8192;
const [work = 'work', model = 'models/starter'] = process.argv.slice(2);

// Qwen2's pre-tokenizer; JavaScript has no (?i:…), so the training copy spells the contractions out.
const splitPattern = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const splitter = new RegExp(splitPattern.replace(/\(\?i:.*?\)/, "'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL]"), 'gu');

const wordCounts = new Map<string, number>();
for await (const line of createInterface({ input: createReadStream(join(work, 'files.jsonl')) })) {
  const file = JSON.parse(line) as SourceFile;
  if (file.heldOut || !file.isLatest) continue;
  for (const [word] of file.text.matchAll(splitter)) wordCounts.set(word, (wordCounts.get(word) ?? 0) + 1);
}
const byteNames = namesOfBytes();
const { vocabulary, merges } = learn(wordCounts);
writeTokenizer();

function learn(counts: Map<string, number>): { vocabulary: string[]; merges: [string, string][] } {
  const vocabulary = [...byteNames];
  const encoder = new TextEncoder();
  const words: { ids: number[]; count: number }[] = [];
  for (const [word, count] of counts) {
    if (count > 1 && word.length < 40) words.push({ ids: [...encoder.encode(word)], count });
  }
  const pairCounts = new Map<number, number>();
  const pairWords = new Map<number, Set<number>>();
  const touch = (left: number, right: number, wordIndex: number, delta: number): void => {
    const key = left * vocabularySize + right;
    pairCounts.set(key, (pairCounts.get(key) ?? 0) + delta);
    if (delta > 0) {
      const set = pairWords.get(key);
      if (set === undefined) pairWords.set(key, new Set([wordIndex]));
      else set.add(wordIndex);
    }
  };
  words.forEach(({ ids, count }, index) => {
    for (let i = 0; i + 1 < ids.length; i++) touch(ids[i]!, ids[i + 1]!, index, count);
  });
  const merges: [string, string][] = [];
  const nMerges = vocabularySize - byteNames.length - specialTokens.length;
  while (merges.length < nMerges) {
    let best = -1;
    let bestCount = 0;
    for (const [key, count] of pairCounts) {
      if (count > bestCount || (count === bestCount && key < best)) {
        best = key;
        bestCount = count;
      }
    }
    const left = Math.floor(best / vocabularySize);
    const right = best % vocabularySize;
    const merged = vocabulary.length;
    vocabulary.push(vocabulary[left]! + vocabulary[right]!);
    merges.push([vocabulary[left]!, vocabulary[right]!]);
    for (const index of pairWords.get(best) ?? []) {
      const word = words[index]!;
      const { ids, count } = word;
      const next: number[] = [];
      for (let i = 0; i < ids.length; i++) {
        if (ids[i] === left && ids[i + 1] === right) {
          next.push(merged);
          i++;
        } else next.push(ids[i]!);
      }
      if (next.length === ids.length) continue;
      for (let i = 0; i + 1 < ids.length; i++) touch(ids[i]!, ids[i + 1]!, index, -count);
      for (let i = 0; i + 1 < next.length; i++) touch(next[i]!, next[i + 1]!, index, count);
      word.ids = next;
    }
    pairCounts.delete(best);
    pairWords.delete(best);
    // Rare pairs can never win again soon enough to matter; dropping them keeps the scan short.
    if (merges.length % 200 === 0) for (const [key, count] of pairCounts) if (count < 20) pairCounts.delete(key);
  }
  return { vocabulary, merges };
}

// GPT-2's printable stand-ins for the 256 bytes.
function namesOfBytes(): string[] {
  const names: string[] = [];
  let extra = 0;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    names.push(String.fromCodePoint(isPrintable ? byte : 256 + extra++));
  }
  return names;
}

function writeTokenizer(): void {
  mkdirSync(model, { recursive: true });
  const addedTokens = specialTokens.map((content, index) => ({
    id: vocabulary.length + index, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true,
  }));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  const tokenizer = {
    version: '1.0', truncation: null, padding: null, added_tokens: addedTokens, normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: splitPattern }, behavior: 'Isolated', invert: false }, byteLevel] },
    post_processor: byteLevel, decoder: byteLevel,
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: merges.map((pair) => pair.join(' ')),
    },
  };
  writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(tokenizer));
  const config = {
    tokenizer_class: 'Qwen2Tokenizer', add_prefix_space: false, add_bos_token: false, clean_up_tokenization_spaces: false, model_max_length: 2048, bos_token: null,
    eos_token: '<|endoftext|>', pad_token: '<|fim_pad|>', unk_token: null, errors: 'replace', split_special_tokens: false,
    additional_special_tokens: specialTokens.slice(1),
    added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...rest }) => [id, rest])),
  };
  writeFileSync(join(model, 'tokenizer_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
