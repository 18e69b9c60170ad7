// The decoder stack of Qwen2, Qwen3 and Llama as graph: embedding, layers, final norm. The three graphs of a model (training, scoring,
// decoding) differ only in what they put around it and in where attention finds its keys.
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { OutputsOf } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { linear, type AdapterInputs } from '../lora/adaptedLinear.ts';
import type { ModelConfig } from './modelConfig.ts';
import { layerLinears, layerPrefix } from './modelTensors.ts';

export interface DecoderInputs {
  /** i32 [K, S, T]. */
  readonly tokens: Value;
  readonly positions: Value;
  readonly adapters: AdapterInputs | undefined;
  /** Takes those tokens whose hidden states are wanted: once the last layer's keys and values are made, nothing needs the others. Absent: all. */
  wanted?(x: Value): Value;
  /** What attention of a layer sees besides this step's own keys and values. */
  attention(layerIndex: number): { seenUntil?: Value; pastKeys?: Value; pastValues?: Value; starts?: Value };
  /** Told the rotated keys and the values [K, S, T, keyHeads*headSize] of each layer. */
  onKeysAndValues?(layerIndex: number, keys: Value, values: Value): void;
}

/** Returns the hidden state after the final norm, [K, S, T, H], or of the wanted tokens in their shape. */
export function decoder(builder: GraphBuilder, config: ModelConfig, inputs: DecoderInputs): Value {
  const table = embeddingTable(builder, config);
  let hidden = builder.apply('Embedding', { tokens: inputs.tokens, table }, {}, { name: 'embedding' }).output;
  // The output of the last MLP, added to `hidden` by the next norm, which fuses the two.
  let pending: Value | undefined;
  for (let layerIndex = 0; layerIndex < config.nLayers; layerIndex++) {
    const prefix = layerPrefix(layerIndex);
    const before = norm(builder, config, `${prefix}.input_layernorm`, pending ?? hidden, pending === undefined ? undefined : hidden);
    hidden = before.sum ?? hidden;
    const attends = attention(builder, config, inputs, layerIndex, before.normed);
    const wanted = (layerIndex === config.nLayers - 1 && inputs.wanted) || ((x: Value): Value => x);
    hidden = wanted(hidden);
    const attended = linear(builder, inputs.adapters, wanted(attends), layerLinears(config, layerIndex).o);
    const between = norm(builder, config, `${prefix}.post_attention_layernorm`, attended, hidden);
    hidden = between.sum ?? hidden;
    pending = mlp(builder, config, inputs.adapters, layerIndex, between.normed);
  }
  return norm(builder, config, 'model.norm', pending ?? hidden, pending === undefined ? undefined : hidden).normed;
}

/** The weight [V, H] that turns hidden states into logits. */
export function headWeight(builder: GraphBuilder, config: ModelConfig): Value {
  if (config.tiedHead) return embeddingTable(builder, config);
  return builder.constant('lm_head.weight', [config.vocabularySize, config.hiddenSize]);
}

function embeddingTable(builder: GraphBuilder, config: ModelConfig): Value {
  return builder.constant('model.embed_tokens.weight', [config.vocabularySize, config.hiddenSize]);
}

/** The heads' outputs side by side, before the output projection. */
function attention(builder: GraphBuilder, config: ModelConfig, inputs: DecoderInputs, layerIndex: number, x: Value): Value {
  const linears = layerLinears(config, layerIndex);
  const prefix = `${layerPrefix(layerIndex)}.self_attn`;
  const heads = { queryHeads: config.queryHeads, keyHeads: config.keyHeads, headSize: config.headSize };
  const rotated = (projected: Value, which: 'q' | 'k'): Value => {
    const normed = config.qkNorm ? headNorm(builder, config, `${prefix}.${which}_norm`, projected) : projected;
    const attributes = { frequencies: config.frequencies, inverse: false };
    return builder.apply('Rope', { x: normed, positions: inputs.positions }, attributes, { name: `${prefix}.${which}_rope` }).output;
  };
  const q = rotated(linear(builder, inputs.adapters, x, linears.q), 'q');
  const k = rotated(linear(builder, inputs.adapters, x, linears.k), 'k');
  const v = linear(builder, inputs.adapters, x, linears.v);
  inputs.onKeysAndValues?.(layerIndex, k, v);
  const { output } = builder.apply('CausalAttention', { q, k, v, ...inputs.attention(layerIndex) }, heads, { name: `${prefix}.attention` });
  return output;
}

function mlp(builder: GraphBuilder, config: ModelConfig, adapters: AdapterInputs | undefined, layerIndex: number, x: Value): Value {
  const linears = layerLinears(config, layerIndex);
  const gate = linear(builder, adapters, x, linears.gate);
  const up = linear(builder, adapters, x, linears.up);
  const { output } = builder.apply('SwiGlu', { gate, up }, {}, { name: `${layerPrefix(layerIndex)}.mlp.swiglu` });
  return linear(builder, adapters, output, linears.down);
}

function norm(builder: GraphBuilder, config: ModelConfig, name: string, x: Value, residual: Value | undefined): OutputsOf<'RmsNorm'> {
  const weight = builder.constant(`${name}.weight`, [config.hiddenSize]);
  return builder.apply('RmsNorm', { x, weight, residual }, { epsilon: config.rmsEpsilon }, { name });
}

function headNorm(builder: GraphBuilder, config: ModelConfig, name: string, x: Value): Value {
  const weight = builder.constant(`${name}.weight`, [config.headSize]);
  return builder.apply('RmsNorm', { x, weight }, { epsilon: config.rmsEpsilon }, { name }).normed;
}
