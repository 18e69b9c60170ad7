// A tiny model in memory: a config, random weights and a batch, for tests of graphs that need no files.
import { Random } from '../../server/base/random.ts';
import { parseModelConfig, type ModelConfig } from '../../server/engine/model/modelConfig.ts';
import { modelTensors } from '../../server/engine/model/modelTensors.ts';
import type { Weights } from '../../server/engine/runtime/runtime.ts';
import type { PackableExample } from './packExamples.ts';

export function tinyConfig(changes: Readonly<Record<string, unknown>> = {}): ModelConfig {
  return parseModelConfig(JSON.stringify({ ...tinyConfigJson, ...changes }));
}

export const tinyConfigJson = {
  model_type: 'qwen2',
  vocab_size: 13,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  max_position_embeddings: 64,
};

export function tinyWeights(config: ModelConfig, seed = 1): Extract<Weights, { kind: 'memory' }> {
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, shape] of modelTensors(config)) {
    const random = new Random(`${seed} ${name}`);
    const [centre, deviation] = name.includes('norm') ? [1, 0.2] : [0, 0.5];
    const count = shape.reduce((product, dim) => product * dim, 1);
    tensors.set(name, { shape, data: Float32Array.from({ length: count }, () => centre + deviation * random.normal()) });
  }
  return { kind: 'memory', tensors };
}

export const tinyExamples: readonly (readonly PackableExample[])[] = [
  [
    { ids: [1, 5, 9, 2], answerStart: 2 },
    { ids: [3, 3, 12], answerStart: 1 },
  ],
  [{ ids: [7, 0, 11, 4, 6], answerStart: 4 }],
];
