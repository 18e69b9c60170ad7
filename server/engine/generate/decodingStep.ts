// One run of the decoding graph: T new tokens of every row on top of its cache.
import { assert, present } from '../../base/assert.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import { decodingGraph } from '../model/decodingGraph.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';
import type { Tensor } from '../runtime/runtime.ts';
import type { StackedAdapters } from './adapterGroups.ts';
import type { KvCache } from './kvCache.ts';
import type { BestTokens } from './sampler.ts';

export interface DecodingModel {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
}

/** How many of the best tokens a run returns, for sampling. */
const bestCount = 128;

/** `tokens` [K, S, T], grouped by adapter; appends to the cache and returns the best next tokens of each row [K*S]. */
export async function decodingStep(
  { config, executables }: DecodingModel,
  { tokens, cache, adapters, candidates }: { tokens: Int32Array; cache: KvCache; adapters: StackedAdapters; candidates: number },
): Promise<BestTokens[]> {
  const topCount = Math.min(bestCount, config.vocabularySize);
  const executable = await executables.get(`decode:${adapters.key}`, () => decodingGraph(config, { layout: adapters.layout, topCount }), { purpose: 'decoding' });
  const { nRows } = cache;
  const perRow = tokens.length / nRows;
  const grid = [candidates, nRows / candidates];
  const outputs = await executable.run({
    tokens: { dtype: 'i32', shape: [...grid, perRow], data: tokens },
    positions: { dtype: 'i32', shape: [...grid, perRow], data: positions(cache, perRow) },
    ...cache.past(candidates),
    ...adapters.inputs,
  });
  cache.append(outputs, perRow);
  return bestTokens(outputs.values, outputs.indices, outputs.logSumExp, topCount);
}

/** Counted from each row's own start; padding has position 0. */
function positions(cache: KvCache, perRow: number): Int32Array {
  const result = new Int32Array(cache.nRows * perRow);
  for (let row = 0; row < cache.nRows; row++) {
    for (let t = 0; t < perRow; t++) result[row * perRow + t] = Math.max(0, cache.length + t - present(cache.starts[row]));
  }
  return result;
}

function bestTokens(values: Tensor | undefined, indices: Tensor | undefined, logSumExp: Tensor | undefined, count: number): BestTokens[] {
  assert(values?.dtype === 'f32' && indices?.dtype === 'i32' && logSumExp?.dtype === 'f32', 'the best tokens');
  return Array.from(logSumExp.data, (sum, row) => ({
    values: values.data.subarray(row * count, (row + 1) * count),
    indices: indices.data.subarray(row * count, (row + 1) * count),
    logSumExp: sum,
  }));
}
