// config.json: what runs is described in full, what does not is refused.
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '../../../server/engine/model/modelConfig.ts';
import { modelTensors, parameterCount } from '../../../server/engine/model/modelTensors.ts';

/** Qwen/Qwen2.5-Coder-0.5B, config.json. */
const coder = {
  architectures: ['Qwen2ForCausalLM'],
  attention_dropout: 0.0,
  bos_token_id: 151643,
  eos_token_id: 151643,
  hidden_act: 'silu',
  hidden_size: 896,
  initializer_range: 0.02,
  intermediate_size: 4864,
  max_position_embeddings: 32768,
  max_window_layers: 24,
  model_type: 'qwen2',
  num_attention_heads: 14,
  num_hidden_layers: 24,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000.0,
  sliding_window: 32768,
  tie_word_embeddings: true,
  torch_dtype: 'bfloat16',
  use_cache: true,
  use_mrope: false,
  use_sliding_window: false,
  vocab_size: 151936,
};

describe('config.json', () => {
  it('of Qwen2.5-Coder-0.5B is read in full', () => {
    const config = parseModelConfig(JSON.stringify(coder));
    expect(config).toMatchObject({ family: 'qwen2', headSize: 64, queryHeads: 14, keyHeads: 2, qkvBias: true, outputBias: false, qkNorm: false, tiedHead: true, contextTokens: 32768 });
    expect(config.frequencies).toHaveLength(32);
    expect(config.frequencies[1]).toBeCloseTo(1_000_000 ** (-2 / 64), 12);
    expect(parameterCount(config)).toBe(494_032_768);
    expect(modelTensors(config).get('model.layers.23.self_attn.k_proj.bias')).toEqual([128]);
  });

  it('may keep its rotary settings where newer versions write them', () => {
    const { rope_theta: theta, ...rest } = coder;
    const moved = parseModelConfig(JSON.stringify({ ...rest, rope_parameters: { rope_type: 'default', rope_theta: theta } }));
    expect(moved.frequencies).toEqual(parseModelConfig(JSON.stringify(coder)).frequencies);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['no JSON', '{', 'model.configInvalid'],
    ['a missing size', JSON.stringify({ ...coder, hidden_size: undefined }), 'model.configInvalid'],
    ['a size that is no integer', JSON.stringify({ ...coder, num_hidden_layers: 2.5 }), 'model.configInvalid'],
    ['heads that do not divide the width', JSON.stringify({ ...coder, hidden_size: 900 }), 'model.configInvalid'],
    ['key heads that do not divide the heads', JSON.stringify({ ...coder, num_key_value_heads: 3 }), 'model.configInvalid'],
    ['an unknown family', JSON.stringify({ ...coder, model_type: 'mamba' }), 'model.familyUnknown'],
    ['sliding windows', JSON.stringify({ ...coder, use_sliding_window: true }), 'model.featureUnsupported'],
    ['another activation', JSON.stringify({ ...coder, hidden_act: 'gelu' }), 'model.featureUnsupported'],
    ['YaRN', JSON.stringify({ ...coder, rope_scaling: { type: 'yarn', factor: 4 } }), 'model.featureUnsupported'],
    ['incomplete Llama 3 scaling', JSON.stringify({ ...coder, rope_scaling: { rope_type: 'llama3', factor: 8 } }), 'model.configInvalid'],
    ['quantised weights', JSON.stringify({ ...coder, quantization_config: { quant_method: 'gptq' } }), 'model.featureUnsupported'],
  ];
  it.each(refused)('is refused: %s', (_title, text, code) => expect(() => parseModelConfig(text)).toThrow(expect.objectContaining({ code })));
});
