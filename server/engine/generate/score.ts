// Scores given answers: the log-probability of each answer after its prompt, in packed rows, logits at answer tokens only.
import { assert, present } from '../../base/assert.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import { scoringGraph } from '../model/lossGraph.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';
import { packRows } from '../train/packRows.ts';
import { distinctAdapters, stackForGraph } from './adapterGroups.ts';

export interface ScoreItem {
  /** At least one token. */
  readonly prompt: Int32Array;
  readonly answer: Int32Array;
  /** A token that may not come: the others share its probability. For the end of text, so that only what the answer says is asked. */
  readonly without?: number | undefined;
  readonly adapter: FlatAdapter | null;
}

export interface ScoredItem {
  /** Sum over the answer's tokens, nats. */
  readonly logProbability: number;
  readonly tokens: number;
}

export interface ScoreContext {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
  /** Awaited before every batch; rejects to cancel. */
  readonly checkpoint?: () => Promise<void>;
}

/** Tokens of all candidates in one run. */
const tokensPerRun = 2048;

export async function score(items: readonly ScoreItem[], context: ScoreContext): Promise<ScoredItem[]> {
  const results = new Map<ScoreItem, ScoredItem>();
  const distinct = distinctAdapters(items);
  // Longest first: rows of one length need little padding, and K adapters on the same probes make full batches.
  const queues = distinct.map((adapter) => items.filter((item) => item.adapter === adapter && item.answer.length > 0).sort((a, b) => tokensOf(b) - tokensOf(a)));
  while (queues.some((queue) => queue.length > 0)) {
    await context.checkpoint?.();
    const active = queues.flatMap((queue, index) => (queue.length > 0 ? [{ queue, adapter: distinct[index] ?? null }] : []));
    const batch = active.map(({ queue, adapter }) => ({ adapter, items: takeTokens(queue, tokensPerRun / active.length) }));
    await scoreBatch(batch, context, results);
  }
  return items.map((item) => results.get(item) ?? { logProbability: 0, tokens: 0 });
}

/** Removes from the front of the queue: at least one item, at most `budget` tokens. */
function takeTokens(queue: ScoreItem[], budget: number): ScoreItem[] {
  let [count, used] = [0, 0];
  for (const item of queue) {
    used += tokensOf(item);
    if (count > 0 && used > budget) break;
    count++;
  }
  return queue.splice(0, count);
}

function tokensOf({ prompt, answer }: ScoreItem): number {
  return prompt.length + answer.length;
}

interface CandidateItems {
  readonly adapter: FlatAdapter | null;
  readonly items: readonly ScoreItem[];
}

async function scoreBatch(batch: readonly CandidateItems[], { config, executables }: ScoreContext, results: Map<ScoreItem, ScoredItem>): Promise<void> {
  const adapters = stackForGraph(config, batch.map(({ adapter }) => adapter));
  const executable = await executables.get(`score:${adapters.key}`, () => scoringGraph(config, { layout: adapters.layout }), { purpose: 'scoring' });
  const packed = packRows(batch.map(({ items }) => items.map(({ prompt, answer, without }) => ({ ids: joined(prompt, answer), lossStart: prompt.length, ...(without === undefined ? {} : { also: without }) }))));
  const { logProbabilities } = await executable.run({ ...packed.inputs, ...adapters.inputs });
  assert(logProbabilities?.dtype === 'f32', 'log-probabilities');
  for (const [k, { items }] of batch.entries()) {
    for (const [index, item] of items.entries()) {
      const start = k * packed.shape.lossRows + present(packed.lossOffsets[k]?.[index]);
      const { length } = item.answer;
      const own = logProbabilities.data.subarray(start, start + length);
      const excluded = item.without === undefined ? null : logProbabilities.data.subarray(start + length, start + 2 * length);
      results.set(item, { logProbability: own.reduce((sum, value, t) => sum + (excluded === null ? value : renormalised(value, present(excluded[t]))), 0), tokens: length });
    }
  }
}

/** log(p / (1 - q)): how likely a token is where one of log-probability `excluded` cannot come. At most 0, whatever the rounding. */
function renormalised(logProbability: number, excluded: number): number {
  return Math.min(0, logProbability - Math.log1p(-Math.min(Math.exp(excluded), 1 - 1e-6)));
}

function joined(prompt: Int32Array, answer: Int32Array): Int32Array {
  assert(prompt.length > 0, 'a prompt has at least one token');
  const ids = new Int32Array(prompt.length + answer.length);
  ids.set(prompt);
  ids.set(answer, prompt.length);
  return ids;
}
