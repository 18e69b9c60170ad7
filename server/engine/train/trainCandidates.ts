// Trains K candidates together.
import type { Clock } from '../../base/clock.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';

export interface TrainExample {
  readonly ids: Int32Array;
  /** Index into `ids` of the first token of the answer. */
  readonly answerStart: number;
}

export interface TrainRecipe {
  readonly learningRate: number;
  readonly epochs: number;
  /** Tokens whose loss counts. */
  readonly loss: 'answers' | 'all';
  readonly rank: number;
  readonly alpha: number;
  /** Share of the steps over which the learning rate rises from 0. */
  readonly warmupShare: number;
  readonly clipNorm: number;
  readonly weightDecay: number;
}

export interface Candidate {
  readonly name: string;
  readonly examples: readonly TrainExample[];
  readonly recipe: TrainRecipe;
  readonly seed: number;
  /** The adapter to start from; null is a fresh one (B = 0) on the base. */
  readonly from: FlatAdapter | null;
}

export interface TrainStep {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

export interface TrainedCandidate {
  readonly name: string;
  readonly adapter: FlatAdapter;
  readonly steps: readonly TrainStep[];
  /** Padding excluded, all epochs. */
  readonly tokens: number;
  readonly seconds: number;
}

export interface TrainContext {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
  readonly clock: Clock;
  /** Tokens of one candidate in one optimiser step; default 1024. */
  readonly tokensPerStep?: number | undefined;
  /** Awaited before every step; rejects to cancel. */
  readonly checkpoint?: () => Promise<void>;
  readonly onProgress?: (progress: { readonly step: number; readonly steps: number; readonly losses: (number | null)[] }) => void;
}

export function trainCandidates(_candidates: readonly Candidate[], _context: TrainContext): Promise<TrainedCandidate[]> {
  return Promise.reject(new Error('being written'));
}
