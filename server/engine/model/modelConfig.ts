// config.json of a Hugging Face checkpoint, validated and reduced to what the graph builders need. Families differ only in the flags here.
// What we do not run (an unknown family, sliding windows, YaRN, …) is refused with a reason, never run wrongly.
import * as z from 'zod';
import { ModelError } from './errors.ts';
import { rotaryFrequencies } from './rotaryFrequencies.ts';

export const families = ['qwen2', 'qwen3', 'llama'] as const;
export type Family = (typeof families)[number];

export interface ModelConfig {
  readonly family: Family;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly nLayers: number;
  readonly queryHeads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly rmsEpsilon: number;
  /** Radians per position, headSize/2 of them. */
  readonly frequencies: readonly number[];
  /** The head is the embedding table; otherwise lm_head.weight. */
  readonly tiedHead: boolean;
  /** Biases of q, k and v (Qwen2; Qwen3 and Llama by `attention_bias`). */
  readonly qkvBias: boolean;
  readonly outputBias: boolean;
  /** RMSNorm of each head's q and k before rotation (Qwen3). */
  readonly qkNorm: boolean;
  readonly contextTokens: number;
}

const size = z.number().int().positive();
const ropeScaling = z.looseObject({ rope_type: z.string().optional(), type: z.string().optional(), rope_theta: z.number().positive().optional() });

const schema = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeScaling.nullish(),
  /** Where transformers 5 writes what used to be rope_theta and rope_scaling. */
  rope_parameters: ropeScaling.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  hidden_act: z.string().default('silu'),
  use_sliding_window: z.boolean().nullish(),
  max_position_embeddings: size.default(2048),
  quantization_config: z.unknown().optional(),
});
export type RawModelConfig = z.infer<typeof schema>;

/** `text` is the content of config.json. */
export function parseModelConfig(text: string): ModelConfig {
  const raw = validated(text);
  const family = families.find((known) => known === raw.model_type);
  if (family === undefined) {
    throw new ModelError(
      'model.familyUnknown',
      `This model is of the family "${raw.model_type}". Graft runs checkpoints of the families ${families.join(', ')}.`,
      { family: raw.model_type },
    );
  }
  refuseUnsupported(raw);
  const keyHeads = raw.num_key_value_heads ?? raw.num_attention_heads;
  const headSize = raw.head_dim ?? raw.hidden_size / raw.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0) invalid(`the head size ${headSize} is not an even integer`);
  if (raw.num_attention_heads % keyHeads !== 0) invalid(`${raw.num_attention_heads} attention heads do not divide among ${keyHeads} key-value heads`);
  return {
    family,
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    nLayers: raw.num_hidden_layers,
    queryHeads: raw.num_attention_heads,
    keyHeads,
    headSize,
    rmsEpsilon: raw.rms_norm_eps,
    frequencies: rotaryFrequencies(raw, headSize),
    tiedHead: raw.tie_word_embeddings,
    qkvBias: family === 'qwen2' || raw.attention_bias,
    outputBias: family !== 'qwen2' && raw.attention_bias,
    qkNorm: family === 'qwen3',
    contextTokens: raw.max_position_embeddings,
  };
}

function validated(text: string): RawModelConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model.configInvalid', 'config.json is not JSON. Fetch the model again.', {}, cause);
  }
  const result = schema.safeParse(json);
  if (!result.success) invalid(z.prettifyError(result.error));
  return result.data;
}

function refuseUnsupported(raw: RawModelConfig): void {
  if (raw.hidden_act !== 'silu') refuse(`the activation ${raw.hidden_act}`);
  if (raw.use_sliding_window === true) refuse('sliding-window attention');
  if (raw.mlp_bias) refuse('biases in its MLP');
  if (raw.quantization_config !== undefined && raw.quantization_config !== null) refuse('quantised weights (take the original checkpoint)');
}

function refuse(feature: string): never {
  throw new ModelError('model.featureUnsupported', `This model uses ${feature}, which Graft does not run.`, { feature });
}

function invalid(reason: string): never {
  throw new ModelError('model.configInvalid', `config.json does not describe a model that can run: ${reason}.`, { reason });
}
