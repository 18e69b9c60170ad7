// What the service needs from decoding and training; the composition root supplies engine/generate and engine/train.
// Adapters are opaque here (type parameter A): the service only keeps them under handles.
import type {
  Device,
  Decoded,
  DecodeItem,
  EngineCandidate,
  EngineModelInfo,
  EngineScored,
  EngineScoreItem,
  EngineTrained,
  TrainProgress,
} from '../../protocol/engine.ts';

/** An item whose handle has been resolved; null is the base model. */
export type WithAdapter<Item extends { readonly adapter: string | null }, A> = Omit<Item, 'adapter'> & { readonly adapter: A | null };
export type CandidateFrom<A> = Omit<EngineCandidate, 'from'> & { readonly from: A | null };
export type TrainedAdapter<A> = Omit<EngineTrained, 'adapter'> & { readonly adapter: A };

/**
 * Handed to every long call. The executor awaits `checkpoint()` before each decoded token, scored batch and training
 * step; it rejects with `Cancelled` when the request was cancelled, and it is where a waiting completion overtakes
 * learning: other calls on the same executor may run to their end while it is pending, so nothing may be held half
 * done across it.
 */
export interface Control {
  checkpoint(): Promise<void>;
}

/** One opened model. Long calls never overlap, except inside `Control.checkpoint`. Results keep the order of their items. */
export interface Executor<A> {
  readonly info: EngineModelInfo;
  decode(items: readonly WithAdapter<DecodeItem, A>[], control: Control): Promise<Decoded[]>;
  score(items: readonly WithAdapter<EngineScoreItem, A>[], control: Control): Promise<EngineScored[]>;
  train(
    candidates: readonly CandidateFrom<A>[],
    options: { readonly tokensPerStep: number | undefined; readonly onProgress: (progress: TrainProgress) => void },
    control: Control,
  ): Promise<TrainedAdapter<A>[]>;
  /** From a PEFT folder; rejects when it is damaged or does not fit the model. */
  loadAdapter(folder: string): Promise<A>;
  /** As a PEFT folder; `metadata` goes into the header of its safetensors file. */
  saveAdapter(adapter: A, folder: string, metadata: Readonly<Record<string, string>>): Promise<void>;
  /** `share` of the way from `from` (null: no update) to `to`. */
  interpolate(from: A | null, to: A, share: number): A;
  dispose(): Promise<void>;
}

export interface OpenOptions {
  readonly modelFolder: string;
  readonly cacheFolder: string;
  readonly threads: number;
  readonly device: Device;
  readonly gpuShare?: number | undefined;
}

export type OpenExecutor<A> = (options: OpenOptions) => Promise<Executor<A>>;
