// What a checkpoint of a given config must contain: tensor names with shapes, and which of its layers take adapters.
import type { LinearModule } from '../lora/adapterLayout.ts';
import type { ModelConfig } from './modelConfig.ts';

export interface LayerLinear extends LinearModule {
  readonly bias: boolean;
}

/** The seven linear layers of one decoder layer. */
export interface LayerLinears {
  readonly q: LayerLinear;
  readonly k: LayerLinear;
  readonly v: LayerLinear;
  readonly o: LayerLinear;
  readonly gate: LayerLinear;
  readonly up: LayerLinear;
  readonly down: LayerLinear;
}

export function layerPrefix(layerIndex: number): string {
  return `model.layers.${layerIndex}`;
}

export function layerLinears(config: ModelConfig, layerIndex: number): LayerLinears {
  const prefix = layerPrefix(layerIndex);
  const { hiddenSize, intermediateSize, headSize, qkvBias, outputBias } = config;
  const queryWidth = config.queryHeads * headSize;
  const keyWidth = config.keyHeads * headSize;
  return {
    q: { name: `${prefix}.self_attn.q_proj`, inputs: hiddenSize, outputs: queryWidth, bias: qkvBias },
    k: { name: `${prefix}.self_attn.k_proj`, inputs: hiddenSize, outputs: keyWidth, bias: qkvBias },
    v: { name: `${prefix}.self_attn.v_proj`, inputs: hiddenSize, outputs: keyWidth, bias: qkvBias },
    o: { name: `${prefix}.self_attn.o_proj`, inputs: queryWidth, outputs: hiddenSize, bias: outputBias },
    gate: { name: `${prefix}.mlp.gate_proj`, inputs: hiddenSize, outputs: intermediateSize, bias: false },
    up: { name: `${prefix}.mlp.up_proj`, inputs: hiddenSize, outputs: intermediateSize, bias: false },
    down: { name: `${prefix}.mlp.down_proj`, inputs: intermediateSize, outputs: hiddenSize, bias: false },
  };
}

/** Every linear layer of the model but the head, in the order of the flat adapter buffer. */
export function adaptedLinears(config: ModelConfig): LinearModule[] {
  return Array.from({ length: config.nLayers }, (_, layerIndex) =>
    Object.values(layerLinears(config, layerIndex)).map(({ name, inputs, outputs }: LayerLinear) => ({ name, inputs, outputs })),
  ).flat();
}

/** Every tensor that the graphs read, by name. */
export function modelTensors(config: ModelConfig): Map<string, readonly number[]> {
  const tensors = new Map<string, readonly number[]>();
  tensors.set('model.embed_tokens.weight', [config.vocabularySize, config.hiddenSize]);
  for (let layerIndex = 0; layerIndex < config.nLayers; layerIndex++) {
    const prefix = layerPrefix(layerIndex);
    tensors.set(`${prefix}.input_layernorm.weight`, [config.hiddenSize]);
    tensors.set(`${prefix}.post_attention_layernorm.weight`, [config.hiddenSize]);
    if (config.qkNorm) {
      tensors.set(`${prefix}.self_attn.q_norm.weight`, [config.headSize]);
      tensors.set(`${prefix}.self_attn.k_norm.weight`, [config.headSize]);
    }
    for (const linear of Object.values(layerLinears(config, layerIndex)) as LayerLinear[]) {
      tensors.set(`${linear.name}.weight`, [linear.outputs, linear.inputs]);
      if (linear.bias) tensors.set(`${linear.name}.bias`, [linear.outputs]);
    }
  }
  tensors.set('model.norm.weight', [config.hiddenSize]);
  if (!config.tiedHead) tensors.set('lm_head.weight', [config.vocabularySize, config.hiddenSize]);
  return tensors;
}

export function parameterCount(config: ModelConfig): number {
  let count = 0;
  for (const shape of modelTensors(config).values()) count += shape.reduce((product, dim) => product * dim, 1);
  return count;
}
