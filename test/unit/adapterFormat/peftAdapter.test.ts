// PEFT adapters in and out; whatever would change the mathematics is refused with a stable code.
import { describe, expect, it } from 'vitest';
import { formatPeftAdapter, parsePeftAdapter, type PeftAdapter } from '../../../server/adapterFormat/peftAdapter.ts';
import { writeSafetensors } from '../../../server/adapterFormat/safetensors.ts';

const adapter: PeftAdapter = {
  rank: 2,
  alpha: 4,
  baseName: 'Qwen/Qwen2.5-Coder-0.5B',
  modules: [
    { name: 'model.layers.0.self_attn.q_proj', inputs: 3, outputs: 1, a: Float32Array.of(1, 2, 3, 4, 5, 6), b: Float32Array.of(7, 8) },
    { name: 'model.layers.0.mlp.down_proj', inputs: 1, outputs: 2, a: Float32Array.of(1, 2), b: Float32Array.of(3, 4, 5, 6) },
  ],
  metadata: { 'graft.base': 'abc' },
};
const written = formatPeftAdapter(adapter);
const config = JSON.parse(written.configText) as Record<string, unknown>;

describe('a PEFT adapter', () => {
  it('comes back as it was written', () => {
    expect(parsePeftAdapter(written.configText, written.weights)).toEqual({ ...adapter, metadata: { format: 'pt', 'graft.base': 'abc' } });
  });

  it('has the configuration that peft reads', () => {
    expect(config).toMatchObject({ peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 2, lora_alpha: 4, bias: 'none', target_modules: ['down_proj', 'q_proj'] });
  });

  it('is written the same every time', () => expect(formatPeftAdapter(adapter)).toEqual(written));

  it('with rank-stabilised scaling gets the alpha that means the same', () => {
    expect(parsePeftAdapter(configWith({ use_rslora: true }), written.weights).alpha).toBeCloseTo(4 * Math.sqrt(2));
  });

  it('may have tensor names with the adapter’s name in them', () => {
    const renamed = weightsOf({ 'base_model.model.m.lora_A.default.weight': [2, 3], 'base_model.model.m.lora_B.default.weight': [4, 2] });
    expect(parsePeftAdapter(written.configText, renamed).modules).toMatchObject([{ name: 'm', inputs: 3, outputs: 4 }]);
  });

  const a = 'base_model.model.m.lora_A.weight';
  const b = 'base_model.model.m.lora_B.weight';
  const refused: readonly (readonly [string, string, Uint8Array, string])[] = [
    ['a config that is no JSON', '{', written.weights, 'adapter.configInvalid'],
    ['a config without a rank', configWith({ r: undefined }), written.weights, 'adapter.configInvalid'],
    ['another method', configWith({ peft_type: 'IA3' }), written.weights, 'adapter.unsupported'],
    ['DoRA', configWith({ use_dora: true }), written.weights, 'adapter.unsupported'],
    ['ranks per module', configWith({ rank_pattern: { q_proj: 8 } }), written.weights, 'adapter.unsupported'],
    ['trained biases', configWith({ bias: 'lora_only' }), written.weights, 'adapter.unsupported'],
    ['whole modules saved', configWith({ modules_to_save: ['lm_head'] }), written.weights, 'adapter.unsupported'],
    ['truncated weights', written.configText, written.weights.subarray(0, written.weights.length - 3), 'adapter.weightsCorrupt'],
    ['tensors that are no LoRA', written.configText, weightsOf({ 'base_model.model.lm_head.weight': [1, 1] }), 'adapter.unsupported'],
    ['no tensors', written.configText, weightsOf({}), 'adapter.shapeMismatch'],
    ['half a pair', written.configText, weightsOf({ [a]: [2, 3] }), 'adapter.shapeMismatch'],
    ['another rank than the config says', written.configText, weightsOf({ [a]: [3, 3], [b]: [4, 3] }), 'adapter.shapeMismatch'],
    ['A and B of different rank', written.configText, weightsOf({ [a]: [2, 3], [b]: [4, 1] }), 'adapter.shapeMismatch'],
    ['three dimensions', written.configText, weightsOf({ [a]: [2, 3, 1], [b]: [4, 2] }), 'adapter.shapeMismatch'],
  ];
  it.each(refused)('is refused: %s', (_title, configText, weights, code) => {
    expect(() => parsePeftAdapter(configText, weights)).toThrow(expect.objectContaining({ code }));
  });

  it.each([{ rank_pattern: {}, alpha_pattern: {}, modules_to_save: null, use_dora: false, layers_to_transform: null, loftq_config: {} }])(
    'is taken with options at rest',
    (options) => expect(parsePeftAdapter(configWith(options), written.weights).rank).toBe(2),
  );
});

function configWith(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...config, ...changes });
}

function weightsOf(shapes: Readonly<Record<string, readonly number[]>>): Uint8Array {
  return writeSafetensors(
    Object.entries(shapes).map(([name, shape]) => ({ name, shape, data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)) })),
  );
}
