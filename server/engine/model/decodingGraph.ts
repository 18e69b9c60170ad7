// One decoding step: T new tokens of every row on top of P cached ones, rows padded on the left. T > 1 reads a prompt, T = 1 continues.
// The cache stays with the caller, time-major; only the new steps come out (onnxruntime copies every output, so whole caches would be slow).
//
// inputs   tokens, positions i32 [K,S,T]; starts i32 [K,S] (first valid column of a row, counting from the start of the cache);
//          pastKeys_i, pastValues_i f32 [P,K,S,keyHeads*headSize] per layer i; with adapters also adapters f32 [K,size], scale f32 [K]
// outputs  values f32, indices i32 [K,S,topCount] and logSumExp f32 [K,S] of the last token's logits (or logits f32 [K,S,V]);
//          deltaKeys_i, deltaValues_i f32 [T,K,S,keyHeads*headSize]
import type { Graph } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graphBuilder.ts';
import { symbols, type Value } from '../graph/value.ts';
import { verify } from '../graph/verify.ts';
import { adapterInputs } from '../lora/adaptedLinear.ts';
import type { AdapterLayout } from '../lora/adapterLayout.ts';
import { decoder, headWeight } from './decoder.ts';
import type { ModelConfig } from './modelConfig.ts';

export interface DecodingGraphOptions {
  readonly layout?: AdapterLayout | undefined;
  /** How many of the best tokens come out; absent: all logits do. */
  readonly topCount?: number;
}

export function decodingGraph(config: ModelConfig, { layout, topCount }: DecodingGraphOptions = {}): Graph {
  const builder = new GraphBuilder('decode');
  const { candidates, rows, tokens: tokenSymbol, past } = symbols;
  const tokens = builder.input('tokens', 'i32', [candidates, rows, tokenSymbol]);
  const positions = builder.input('positions', 'i32', [candidates, rows, tokenSymbol]);
  const starts = builder.input('starts', 'i32', [candidates, rows]);
  const pastShape = [past, candidates, rows, config.keyHeads * config.headSize];
  const caches = Array.from({ length: config.nLayers }, (_, layerIndex) => ({
    pastKeys: builder.input(`pastKeys_${layerIndex}`, 'f32', pastShape),
    pastValues: builder.input(`pastValues_${layerIndex}`, 'f32', pastShape),
  }));
  const adapters = layout === undefined ? undefined : adapterInputs(builder, layout);
  const outputs: Record<string, Value> = {};
  const x = decoder(builder, config, {
    tokens,
    positions,
    adapters,
    wanted: (x) => builder.apply('LastToken', { x }, {}, { name: 'last' }).output,
    attention: (layerIndex) => ({ ...caches[layerIndex], starts }),
    onKeysAndValues(layerIndex, keys, values) {
      outputs[`deltaKeys_${layerIndex}`] = builder.apply('KvAppend', { fresh: keys }, {}, { name: `deltaKeys_${layerIndex}` }).delta;
      outputs[`deltaValues_${layerIndex}`] = builder.apply('KvAppend', { fresh: values }, {}, { name: `deltaValues_${layerIndex}` }).delta;
    },
  });
  const { output: logits } = builder.apply('LoraLinear', { x, weight: headWeight(builder, config) }, {}, { name: 'logits' });
  const best = topCount === undefined ? { logits } : builder.apply('TopK', { x: logits }, { count: topCount }, { name: 'values' });
  return verify(builder.build({ ...best, ...outputs }));
}
