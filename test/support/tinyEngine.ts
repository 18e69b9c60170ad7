// A tiny model on onnxruntime with what decoding, scoring and training take; ids stand for the letters of their own number.
import { Random } from '../../server/base/random.ts';
import { adapterLayout } from '../../server/engine/lora/adapterLayout.ts';
import { freshAdapter, type FlatAdapter } from '../../server/engine/lora/flatAdapter.ts';
import type { ModelConfig } from '../../server/engine/model/modelConfig.ts';
import { adaptedLinears } from '../../server/engine/model/modelTensors.ts';
import { ExecutableCache } from '../../server/engine/runtime/executableCache.ts';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import type { TokenText } from '../../server/tokenizer/tokenizer.ts';
import { createTextStream } from '../../server/tokenizer/textStream.ts';
import { ManualClock } from './manualClock.ts';
import { tinyConfig, tinyWeights } from './tinyWeights.ts';

export interface TinyEngine {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
  readonly clock: ManualClock;
  readonly text: TokenText;
  dispose(): Promise<void>;
}

export const tinyVocabulary = 50;

export function tinyEngine(changes: Readonly<Record<string, unknown>> = {}): TinyEngine {
  const config = tinyConfig({ vocab_size: tinyVocabulary, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, ...changes });
  const runtime = onnxruntimeRuntime({ threads: 1 });
  const executables = new ExecutableCache(runtime, tinyWeights(config));
  const bytesOf = (id: number): Uint8Array => new TextEncoder().encode(`${id} `);
  const text: TokenText = { stopIds: new Set([0]), stream: (stop = []) => createTextStream(bytesOf, stop) };
  return { config, executables, clock: new ManualClock(), text, dispose: () => executables.dispose() };
}

/** An adapter that changes much: B is random too. */
export function randomAdapter(config: ModelConfig, { rank, seed }: { readonly rank: number; readonly seed: number }): FlatAdapter {
  const random = new Random(seed);
  const layout = adapterLayout(adaptedLinears(config), rank);
  const adapter = freshAdapter(layout, { alpha: 2 * rank, random });
  for (const { b } of layout.modules) for (let i = b.offset; i < b.offset + b.rows * b.columns; i++) adapter.values[i] = 0.2 * random.normal();
  return adapter;
}

/** Ids from 1 on: 0 ends a text. */
export function randomIds(length: number, seed: number): Int32Array {
  const random = new Random(seed);
  return Int32Array.from({ length }, () => 1 + random.int(tinyVocabulary - 1));
}
