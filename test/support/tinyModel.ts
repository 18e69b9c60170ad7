// Writes a whole Hugging Face checkpoint of a few thousand random weights: config.json, model.safetensors, tokenizer.json.
// The tokenizer is byte-level BPE with every special token of the starter family, so all templates work on it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../server/base/random.ts';

export interface TinyModelOptions {
  readonly seed?: number;
  readonly family?: 'qwen2' | 'qwen3' | 'llama';
  readonly hidden?: number;
  readonly layers?: number;
  readonly heads?: number;
  readonly keyValueHeads?: number;
  readonly intermediate?: number;
  readonly headDim?: number;
  readonly contextTokens?: number;
  readonly tiedEmbeddings?: boolean;
  readonly dtype?: 'f32' | 'f16' | 'bf16';
  /** Standard deviation of the random matrices. */
  readonly deviation?: number;
  /** 'starter': all control tokens. 'qwen': the fim and repository tokens only. 'plain': end-of-text only. */
  readonly specials?: 'starter' | 'qwen' | 'plain';
  /** More rows than the tokenizer has ids, as real checkpoints pad theirs. */
  readonly extraVocabulary?: number;
}

export interface TinyModel {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly vocabularySize: number;
  /** By Hugging Face tensor name, before rounding to `dtype`. */
  readonly tensors: ReadonlyMap<string, TinyTensor>;
}

export interface TinyTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export function writeTinyModel(folder: string, options: TinyModelOptions = {}): TinyModel {
  const { seed = 1, family = 'qwen2', hidden = 32, layers = 2, heads = 4, keyValueHeads = 2, intermediate = 64 } = options;
  const { contextTokens = 512, tiedEmbeddings = true, dtype = 'f32', deviation = 0.08, specials = 'starter', extraVocabulary = 0 } = options;
  const headDim = options.headDim ?? hidden / heads;
  const tokenizer = tinyTokenizer(specials);
  const vocabularySize = tokenizer.size + extraVocabulary;
  const config = {
    architectures: [{ qwen2: 'Qwen2ForCausalLM', qwen3: 'Qwen3ForCausalLM', llama: 'LlamaForCausalLM' }[family]],
    model_type: family,
    hidden_act: 'silu',
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headDim,
    max_position_embeddings: contextTokens,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    tie_word_embeddings: tiedEmbeddings,
    vocab_size: vocabularySize,
    bos_token_id: tokenizer.endOfText,
    eos_token_id: tokenizer.endOfText,
    torch_dtype: { f32: 'float32', f16: 'float16', bf16: 'bfloat16' }[dtype],
  };
  const random = new Random(seed);
  const tensors = new Map<string, TinyTensor>();
  const matrix = (name: string, rows: number, columns: number): void => {
    const draw = random.fork(name);
    tensors.set(name, { shape: [rows, columns], data: Float32Array.from({ length: rows * columns }, () => draw.normal() * deviation) });
  };
  const vector = (name: string, length: number, centre: number): void => {
    const draw = random.fork(name);
    tensors.set(name, { shape: [length], data: Float32Array.from({ length }, () => centre + draw.normal() * deviation) });
  };
  matrix('model.embed_tokens.weight', vocabularySize, hidden);
  for (let layer = 0; layer < layers; layer++) {
    const at = (rest: string): string => `model.layers.${layer}.${rest}`;
    vector(at('input_layernorm.weight'), hidden, 1);
    const projections = [
      ['q_proj', heads * headDim],
      ['k_proj', keyValueHeads * headDim],
      ['v_proj', keyValueHeads * headDim],
    ] as const;
    for (const [name, rows] of projections) {
      matrix(at(`self_attn.${name}.weight`), rows, hidden);
      if (family === 'qwen2') vector(at(`self_attn.${name}.bias`), rows, 0);
    }
    matrix(at('self_attn.o_proj.weight'), hidden, heads * headDim);
    if (family === 'qwen3') {
      vector(at('self_attn.q_norm.weight'), headDim, 1);
      vector(at('self_attn.k_norm.weight'), headDim, 1);
    }
    vector(at('post_attention_layernorm.weight'), hidden, 1);
    matrix(at('mlp.gate_proj.weight'), intermediate, hidden);
    matrix(at('mlp.up_proj.weight'), intermediate, hidden);
    matrix(at('mlp.down_proj.weight'), hidden, intermediate);
  }
  vector('model.norm.weight', hidden, 1);
  if (!tiedEmbeddings) matrix('lm_head.weight', vocabularySize, hidden);

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config, null, 2));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer.json));
  writeFileSync(join(folder, 'model.safetensors'), safetensorsBytes(tensors, dtype));
  return { folder, config, vocabularySize, tensors };
}

export const starterSpecials = [
  '<|endoftext|>',
  '<|fim_prefix|>',
  '<|fim_suffix|>',
  '<|fim_middle|>',
  '<|fim_pad|>',
  '<|repo_name|>',
  '<|file_sep|>',
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
];

/** Words whose merges the tiny vocabulary has; everything else falls apart into bytes. */
const words = ['return', 'const', 'function', 'export', ' the', ' =', ' return', ' const', 'add', '  ', '    ', '();', 'value'];

/** tokenizer.json as data: 256 bytes, the merges of a few words, then the special tokens. */
export function tinyTokenizer(specials: 'starter' | 'qwen' | 'plain' = 'starter'): { json: object; size: number; endOfText: number } {
  const vocabulary: Record<string, number> = {};
  const add = (token: string): void => {
    if (!(token in vocabulary)) vocabulary[token] = Object.keys(vocabulary).length;
  };
  const letters = byteLetters();
  for (const letter of letters) add(letter);
  const merges: string[] = [];
  for (const word of words) {
    const parts = [...new TextEncoder().encode(word)].map((byte) => letters[byte] as string);
    let left = parts[0] as string;
    for (const right of parts.slice(1)) {
      const merge = `${left} ${right}`;
      if (!merges.includes(merge)) merges.push(merge);
      left += right;
      add(left);
    }
  }
  const names = specials === 'starter' ? starterSpecials : starterSpecials.slice(0, specials === 'qwen' ? 7 : 1);
  const first = Object.keys(vocabulary).length;
  const added = names.map((content, index) => ({
    id: first + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: splitPattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: vocabulary,
      merges,
    },
  };
  return { json, size: first + names.length, endOfText: first };
}

/** Qwen2's own. */
const splitPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** GPT-2's printable letter per byte, in byte order. */
function byteLetters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    return String.fromCodePoint(printable ? byte : next++);
  });
}

function safetensorsBytes(tensors: ReadonlyMap<string, TinyTensor>, dtype: 'f32' | 'f16' | 'bf16'): Uint8Array {
  const width = dtype === 'f32' ? 4 : 2;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const bytes = data.length * width;
    header[name] = { dtype: dtype.toUpperCase(), shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  let headerText = JSON.stringify(header);
  headerText = headerText.padEnd(Math.ceil(headerText.length / 8) * 8, ' ');
  const headerBytes = new TextEncoder().encode(headerText);
  const out = new Uint8Array(8 + headerBytes.length + offset);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(headerBytes.length), true);
  out.set(headerBytes, 8);
  let at = 8 + headerBytes.length;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      if (dtype === 'f32') view.setFloat32(at, value, true);
      else view.setUint16(at, dtype === 'bf16' ? toBfloat16(value) : toFloat16(value), true);
      at += width;
    }
  }
  return out;
}

const scratch = new DataView(new ArrayBuffer(4));

/** Round to nearest even. */
function toBfloat16(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Round to nearest; weights are far from the range's ends, so subnormals flush to zero. */
function toFloat16(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (exponent <= 0) return sign;
  const mantissa = bits & 0x7fffff;
  return sign | ((exponent << 10) + ((mantissa + 0xfff + ((mantissa >>> 13) & 1)) >>> 13));
}
