// Scores given answers: the log-probability of each answer after its prompt, in packed rows, logits at answer tokens only. What several prompts of one
// adapter begin with is computed once.
import { assert, present } from '../../base/assert.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import { scoringGraph } from '../model/lossGraph.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';
import { packRows } from '../train/packRows.ts';
import { growTrees, type Sequence, type SequenceTree } from '../train/sequenceTree.ts';
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

/** Tokens of one run, of all candidates; more leave the caches. */
const tokensPerRun = 2048;
/** But of one candidate at least so many: each run adds every adapter to the weights again. */
const leastOfCandidate = 1024;

export async function score(items: readonly ScoreItem[], context: ScoreContext): Promise<ScoredItem[]> {
  const results = new Map<ScoreItem, ScoredItem>();
  const distinct = distinctAdapters(items);
  // Longest first: rows of one length need little padding, and K adapters on the same probes make full batches.
  const queues = distinct.map((adapter) =>
    growTrees(items.filter((item) => item.adapter === adapter && item.answer.length > 0).map(sequenceOf)).sort((a, b) => b.ids.length - a.ids.length),
  );
  while (queues.some((queue) => queue.length > 0)) {
    await context.checkpoint?.();
    const active = queues.flatMap((queue, index) => (queue.length > 0 ? [{ queue, adapter: distinct[index] ?? null }] : []));
    const batch = active.map(({ queue, adapter }) => ({ adapter, trees: takeTokens(queue, Math.max(leastOfCandidate, tokensPerRun / active.length)) }));
    await scoreBatch(batch, context, results);
  }
  return items.map((item) => results.get(item) ?? { logProbability: 0, tokens: 0 });
}

interface Asked extends Sequence {
  readonly item: ScoreItem;
}

type Tree = SequenceTree<Asked>;

function sequenceOf(item: ScoreItem): Asked {
  const { prompt, answer, without } = item;
  return { item, ids: joined(prompt, answer), lossStart: prompt.length, ...(without === undefined ? {} : { also: without }) };
}

/** A tree that is shorter than the longest of a run by more than this is worth a run of its own. */
const mostPadding = 96;

/** Removes from the front of the queue: at least one tree, at most `budget` tokens, of about one length. */
function takeTokens(queue: Tree[], budget: number): Tree[] {
  let [count, used] = [0, 0];
  for (const { ids } of queue) {
    used += ids.length;
    if (count > 0 && (used > budget || present(queue[0]).ids.length - ids.length > mostPadding)) break;
    count++;
  }
  return queue.splice(0, count);
}

interface CandidateTrees {
  readonly adapter: FlatAdapter | null;
  readonly trees: readonly Tree[];
}

async function scoreBatch(batch: readonly CandidateTrees[], { config, executables }: ScoreContext, results: Map<ScoreItem, ScoredItem>): Promise<void> {
  const adapters = stackForGraph(config, batch.map(({ adapter }) => adapter));
  const executable = await executables.get(`score:${adapters.key}`, () => scoringGraph(config, { layout: adapters.layout }), { purpose: 'scoring' });
  const packed = packRows(batch.map(({ trees }) => trees));
  const { logProbabilities } = await executable.run({ ...packed.inputs, ...adapters.inputs });
  assert(logProbabilities?.dtype === 'f32', 'log-probabilities');
  for (const [k, { trees }] of batch.entries()) {
    const asked = trees.flatMap(({ branches }) => branches.map(({ sequence }) => sequence.item));
    for (const [index, item] of asked.entries()) {
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
