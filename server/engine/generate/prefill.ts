// Reads prompts into caches. Equal prompts of one adapter are read once, however many continuations are asked for; prompts of similar
// length are read together, padded on the left, in pieces between which the caller may cancel.
import { present } from '../../base/assert.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import { distinctAdapters, groupRows, stackForGraph } from './adapterGroups.ts';
import { decodingStep, type DecodingModel } from './decodingStep.ts';
import { KvCache } from './kvCache.ts';
import type { PrefixCache } from './prefixCache.ts';
import type { BestTokens } from './sampler.ts';

export interface PromptToRead {
  readonly prompt: Int32Array;
  readonly adapter: FlatAdapter | null;
}

/** A prompt that has been read: its row in a cache and what may come next. */
export interface ReadPrompt {
  readonly cache: KvCache;
  readonly row: number;
  readonly best: BestTokens;
}

export interface ReadingModel extends DecodingModel {
  /** Absent: every prompt is read from its beginning. */
  readonly prefixes?: PrefixCache | undefined;
}

/** Tokens of all rows in one run; the longest piece of one row. */
const tokensPerRun = 2048;
const pieceTokens = 512;
/** Lengths are rounded up to this: onnxruntime's arena keeps memory for every new shape. */
const lengthMultiple = 16;

/** The result has one entry per item; equal items share a row. */
export async function readPrompts<Item extends PromptToRead>(
  items: readonly Item[],
  model: ReadingModel,
  checkpoint: () => Promise<void>,
): Promise<Map<Item, ReadPrompt>> {
  const adapters = distinctAdapters(items);
  const unique = new Map<string, Item[]>();
  for (const item of items) {
    const key = `${adapters.indexOf(item.adapter)}:${item.prompt.join()}`;
    unique.set(key, [...(unique.get(key) ?? []), item]);
  }
  const read = new Map<Item, ReadPrompt>();
  for (const group of similarLengths([...unique.values()].map((equal) => present(equal[0])))) {
    for (const [item, result] of await readTogether(group, model, checkpoint)) {
      const key = `${adapters.indexOf(item.adapter)}:${item.prompt.join()}`;
      for (const equal of present(unique.get(key))) read.set(equal, result);
    }
  }
  return read;
}

/** Ascending in length; within a group no prompt is padded by more than a third. */
function similarLengths<Item extends PromptToRead>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (const item of items.toSorted((a, b) => a.prompt.length - b.prompt.length)) {
    const group = groups.at(-1);
    const shortest = group?.[0]?.prompt.length ?? 0;
    if (group !== undefined && item.prompt.length <= Math.max(shortest * 1.5, 32)) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

async function readTogether<Item extends PromptToRead>(items: readonly Item[], model: ReadingModel, checkpoint: () => Promise<void>): Promise<Map<Item, ReadPrompt>> {
  const distinct = distinctAdapters(items);
  const rows = groupRows(items, distinct).flat();
  const adapters = stackForGraph(model.config, distinct);
  const { cache, length } = startCache(rows, model);
  const piece = Math.min(pieceTokens, Math.max(lengthMultiple, Math.floor(tokensPerRun / rows.length / lengthMultiple) * lengthMultiple));
  let best: BestTokens[] = [];
  for (let column = cache.length; column < length; column += piece) {
    await checkpoint();
    const columns = Math.min(piece, length - column);
    const tokens = new Int32Array(rows.length * columns);
    for (const [row, item] of rows.entries()) {
      const start = present(cache.starts[row]);
      for (let t = Math.max(0, start - column); t < columns; t++) tokens[row * columns + t] = item?.prompt[column + t - start] ?? 0;
    }
    best = await decodingStep(model, { tokens, cache, adapters, candidates: distinct.length });
  }
  const [only] = items;
  if (items.length === 1 && only !== undefined) model.prefixes?.remember({ adapter: only.adapter, ids: only.prompt, cache, row: 0 });
  const read = new Map<Item, ReadPrompt>();
  for (const [row, item] of rows.entries()) if (item !== null) read.set(item, { cache, row, best: present(best[row]) });
  return read;
}

/** An empty cache in which all rows end at `length`, or, for a single prompt, one that holds its beginning. */
function startCache(rows: readonly (PromptToRead | null)[], { config, prefixes }: ReadingModel): { cache: KvCache; length: number } {
  const [only] = rows;
  if (rows.length === 1 && only) {
    const { prompt, adapter } = only;
    const cache = prefixes?.beginning(config, prompt, { adapter, multiple: lengthMultiple });
    if (cache !== undefined) return { cache, length: prompt.length };
  }
  const longest = Math.max(...rows.map((row) => row?.prompt.length ?? 0));
  const length = Math.ceil(longest / lengthMultiple) * lengthMultiple;
  const cache = new KvCache(config, rows.length);
  for (const [index, row] of rows.entries()) cache.starts[index] = length - (row?.prompt.length ?? 0);
  return { cache, length };
}
