// Scores given answers: the log-probability of each answer after its prompt.
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';

export interface ScoreItem {
  readonly prompt: Int32Array;
  readonly answer: Int32Array;
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

export function score(_items: readonly ScoreItem[], _context: ScoreContext): Promise<ScoredItem[]> {
  return Promise.reject(new Error('being written'));
}
