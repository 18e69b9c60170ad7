// The text-level model: prompts as values in, text and log-probabilities out. What learning, selfEdit, reward and
// completion see of an engine; each may declare the part of it that it needs.
import type {
  AdapterHandle,
  Generated,
  GenerateItem,
  ModelInfo,
  Prompt,
  Scored,
  ScoreItem,
  TrainCandidate,
  Trained,
} from '../base/prompt.ts';

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean loss of this step per candidate, in their order; null: that candidate has finished. */
  readonly losses: readonly (number | null)[];
}

export interface CallOptions {
  /** Completion overtakes learning in the engine's queue, also in the middle of a training run. */
  readonly priority?: 'completion' | 'learning';
  readonly signal?: AbortSignal;
}

export interface TrainOptions {
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
  /** Tokens of one optimizer step per candidate, about; the engine has a default. */
  readonly tokensPerStep?: number;
}

/**
 * Results keep the order of their items. Rejects with `Cancelled` when the signal aborts, with `EngineError` code
 * 'engineCrashed' when the engine process died (the call may be repeated; handles made by `train` or `interpolate` are
 * lost, those from folders are not), 'adapterLost' for a handle that died so, 'unknownAdapter' for one that was released.
 */
export interface LanguageModel {
  readonly info: ModelInfo;
  generate(items: readonly GenerateItem[], options?: CallOptions): Promise<Generated[]>;
  /** Log-probability of each answer (and the end of text after it) given its prompt. */
  score(items: readonly ScoreItem[], options?: CallOptions): Promise<Scored[]>;
  /** All candidates in one run over shared base weights. */
  train(candidates: readonly TrainCandidate[], options?: TrainOptions): Promise<Trained[]>;
  /** Loads a PEFT folder; the handle survives a restart of the engine. */
  loadAdapter(folder: string): Promise<string>;
  /** `metadata` goes into the safetensors header. */
  saveAdapter(adapter: string, folder: string, metadata?: Readonly<Record<string, string>>): Promise<void>;
  /** A new adapter at `share` of the way from `from` (null: no adapter) to `to`. */
  interpolate(from: AdapterHandle, to: string, share: number): Promise<string>;
  release(adapter: string): Promise<void>;
  /** Tokens of a plain text. */
  countTokens(text: string): number;
  /** Tokens of a rendered prompt, after cutting to the prompt budget. */
  promptTokens(prompt: Prompt): number;
}
