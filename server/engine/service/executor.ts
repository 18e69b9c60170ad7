// What the service needs from decoding and training; the composition root supplies engine/generate and engine/train.
// Adapters are opaque here (type parameter A): the service only keeps them under handles.
import type {
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

/** One opened model. Calls never overlap, except inside `Control.checkpoint`. Results keep the order of their items. */
export interface Executor<A> {
  readonly info: EngineModelInfo;
  decode(items: readonly WithAdapter<DecodeItem, A>[], control: Control): Promise<Decoded[]>;
  score(items: readonly WithAdapter<EngineScoreItem, A>[], control: Control): Promise<EngineScored[]>;
  train(
    candidates: readonly CandidateFrom<A>[],
    options: { readonly tokensPerStep: number | undefined; readonly onProgress: (progress: TrainProgress) => void },
    control: Control,
  ): Promise<TrainedAdapter<A>[]>;
  dispose(): Promise<void>;
}

/** Adapters in and out of PEFT folders. */
export interface AdapterFolders<A> {
  /** Rejects when the folder is damaged or does not fit the opened model. */
  load(folder: string, model: EngineModelInfo): Promise<A>;
  save(adapter: A, folder: string, options: { readonly model: EngineModelInfo; readonly metadata: Readonly<Record<string, string>> }): Promise<void>;
  /** (1 - share) x from + share x to, of the products of A and B where ranks differ; null is the base (a zero update). */
  interpolate(from: A | null, to: A, share: number): A;
}

export interface OpenOptions {
  readonly modelFolder: string;
  readonly cacheFolder: string;
  readonly threads: number;
  readonly device: 'cpu';
}

export interface EngineParts<A> {
  readonly open: (options: OpenOptions) => Promise<Executor<A>>;
  readonly adapters: AdapterFolders<A>;
}
