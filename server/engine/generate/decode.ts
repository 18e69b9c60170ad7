// Decodes many prompts with different adapters together: prompts are read once each, then every run gives all rows one more token.
// A row's tokens depend on its own prompt, adapter and seed only, not on its company (up to rounding).
import { assert, present } from '../../base/assert.ts';
import { Random } from '../../base/random.ts';
import type { TextStream, TokenText } from '../../tokenizer/tokenizer.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import { distinctAdapters, groupRows, stackForGraph } from './adapterGroups.ts';
import { decodingStep } from './decodingStep.ts';
import { KvCache, type CachedRow } from './kvCache.ts';
import { pieceOf } from './pieceOf.ts';
import { readPrompts, type ReadingModel } from './prefill.ts';
import { NameGuide, type NamesAllowed } from './nameGuide.ts';
import { givenToken, sampleToken, type BestTokens } from './sampler.ts';

export interface DecodeItem {
  /** At least one token. */
  readonly prompt: Int32Array;
  /** null is the base model. */
  readonly adapter: FlatAdapter | null;
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly stop: readonly string[];
  /** Nats; decoding ends when the sum falls below. */
  readonly leastLogProbability?: number | undefined;
  /** Judged instead of decoded: the text is this one. */
  readonly draft?: Int32Array | undefined;
  /** What code may name; absent: anything. */
  readonly names?: NamesAllowed | undefined;
}

export interface DecodedItem {
  /** Without end-of-text. */
  readonly ids: Int32Array;
  readonly text: string;
  readonly finish: 'endOfText' | 'stop' | 'length' | 'unlikely';
  /** Generated tokens, end of text included. */
  readonly tokens: number;
  readonly logProbabilities: number[];
  /** UTF-16 length of the text after each token. */
  readonly lengths: number[];
  /** Nats, at temperature 1, over these tokens. */
  readonly meanLogProbability: number;
}

export interface DecodeContext extends ReadingModel {
  readonly text: TokenText;
  /** Awaited before every run of the model; rejects to cancel. */
  readonly checkpoint?: () => Promise<void>;
}

/** Rows and cache bytes of one batch. */
const maxRows = 32;
const maxCacheBytes = 384 * 2 ** 20;

export async function decode(items: readonly DecodeItem[], context: DecodeContext): Promise<DecodedItem[]> {
  const rows = items.map((item) => startRow(item, context));
  // Batches are learning's: what they read would push out what completion comes back to. Completion's have one prompt, whose row the drafts share.
  const reading = haveOnePrompt(items) ? context : { ...context, prefixes: undefined };
  for (const batch of batches(rows, context.config)) await decodeBatch(batch, reading);
  return rows.map(finishedItem);
}

function haveOnePrompt(items: readonly DecodeItem[]): boolean {
  const [first, ...others] = items;
  return others.every(({ prompt, adapter }) => adapter === first?.adapter && prompt.length === first.prompt.length && prompt.every((id, index) => id === first.prompt[index]));
}

interface DecodingRow extends DecodeItem {
  readonly limit: number;
  readonly random: Random;
  readonly stream: TextStream;
  readonly guide: NameGuide | undefined;
  readonly ids: number[];
  text: string;
  readonly logProbabilities: number[];
  readonly lengths: number[];
  tokens: number;
  logProbability: number;
  finish: DecodedItem['finish'] | undefined;
}

function startRow(item: DecodeItem, { config, text }: DecodeContext): DecodingRow {
  assert(item.prompt.length > 0, 'a prompt has at least one token');
  const limit = Math.min(item.maxTokens, item.draft?.length ?? item.maxTokens, config.contextTokens - item.prompt.length);
  const finish = limit <= 0 ? 'length' : undefined;
  return { ...item, limit, random: new Random(item.seed), stream: text.stream(item.stop), guide: item.names && new NameGuide(item.names), ids: [], logProbabilities: [], lengths: [], text: '', tokens: 0, logProbability: 0, finish };
}

/** By length, so that rows of a batch are alike and the same prompts under several adapters stand side by side. */
function batches(rows: readonly DecodingRow[], config: ModelConfig): DecodingRow[][] {
  const columnBytes = 2 * 4 * config.nLayers * config.keyHeads * config.headSize;
  const result: DecodingRow[][] = [];
  for (const row of rows.filter(({ finish }) => finish === undefined).sort((a, b) => a.prompt.length - b.prompt.length)) {
    const batch = result.at(-1);
    const columns = row.prompt.length + row.limit;
    const fits = batch !== undefined && batch.length < maxRows && (batch.length + 1) * columns * columnBytes <= maxCacheBytes;
    if (fits) batch.push(row);
    else result.push([row]);
  }
  return result;
}

async function decodeBatch(rows: readonly DecodingRow[], context: DecodeContext): Promise<void> {
  const { config, text, checkpoint = async () => {} } = context;
  const prompts = await readPrompts(rows, context, checkpoint);
  for (const row of rows) accept(row, present(prompts.get(row)).best, text);
  let layout = layOut(rows.filter(isLive), config, (row) => present(prompts.get(row)));
  while (layout.rows.some((row) => row !== null && isLive(row))) {
    await checkpoint();
    const { cache, adapters, candidates } = layout;
    const tokens = Int32Array.from(layout.rows, (row) => row?.ids.at(-1) ?? 0);
    const best = await decodingStep(context, { tokens, cache, adapters, candidates });
    for (const [index, row] of layout.rows.entries()) if (row !== null && isLive(row)) accept(row, present(best[index]), text);
    const live = layout.rows.filter((row): row is DecodingRow => row !== null && isLive(row));
    // Copying the cache costs about one step; half the rows gone is worth it.
    if (live.length > 0 && live.length <= layout.rows.length / 2) {
      const rowOf = new Map(layout.rows.map((row, index) => [row, index]));
      layout = layOut(live, config, (row) => ({ cache, row: present(rowOf.get(row)) }));
    }
  }
}

function isLive(row: DecodingRow): boolean {
  return row.finish === undefined;
}

/** Rows grouped by adapter over a cache of their own; null are filling rows. */
function layOut(live: readonly DecodingRow[], config: ModelConfig, sourceOf: (row: DecodingRow) => CachedRow) {
  if (live.length === 0) return { rows: [], candidates: 0, adapters: stackForGraph(config, []), cache: new KvCache(config, 0) };
  const distinct = distinctAdapters(live);
  const rows = groupRows(live, distinct).flat();
  const cache = KvCache.gather(config, rows.map((row) => (row === null ? null : sourceOf(row))));
  return { rows, candidates: distinct.length, adapters: stackForGraph(config, distinct), cache };
}

/** Takes the row's next token and notices whether that was its last. */
function accept(row: DecodingRow, best: BestTokens, tokenText: TokenText): void {
  const { guide } = row;
  const drafted = row.draft?.[row.ids.length];
  const { id, logProbability } = drafted === undefined ? sampleToken(best, row, row.random, guide && ((token) => guide.allows(pieceOf(tokenText, token)))) : givenToken(best, drafted);
  guide?.push(pieceOf(tokenText, id));
  row.tokens++;
  row.logProbability += logProbability;
  row.logProbabilities.push(logProbability);
  if (tokenText.stopIds.has(id)) {
    row.lengths.push(row.text.length);
    row.finish = 'endOfText';
    return;
  }
  row.ids.push(id);
  const { text, stopped } = row.stream.push(id);
  row.text += text;
  row.lengths.push(row.text.length);
  if (stopped) row.finish = 'stop';
  else if (row.leastLogProbability !== undefined && row.logProbability < row.leastLogProbability) row.finish = 'unlikely';
  else if (row.tokens >= row.limit) row.finish = 'length';
}

function finishedItem(row: DecodingRow): DecodedItem {
  const { ids, stream, tokens, logProbability, logProbabilities, lengths, finish } = row;
  assert(finish !== undefined, 'every row has finished');
  const text = row.text + stream.end();
  return { ids: Int32Array.from(ids), text, finish, tokens, logProbabilities, lengths, meanLogProbability: tokens === 0 ? 0 : logProbability / tokens };
}
