// What learning needs of a language model; `LanguageModel` of server/languageModel satisfies it, and so does a scripted fake.
import type { AdapterHandle, Generated, GenerateItem, ModelInfo, Prompt, Scored, ScoreItem, TrainCandidate, Trained } from '../base/prompt.ts';

export interface LanguageModel {
  readonly info: ModelInfo;
  generate(items: readonly GenerateItem[], options?: { readonly signal?: AbortSignal }): Promise<Generated[]>;
  score(items: readonly ScoreItem[], options?: { readonly signal?: AbortSignal }): Promise<Scored[]>;
  train(
    candidates: readonly TrainCandidate[],
    options?: {
      readonly onProgress?: (progress: { readonly step: number; readonly steps: number; readonly losses: readonly (number | null)[] }) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<Trained[]>;
  loadAdapter(folder: string): Promise<string>;
  saveAdapter(adapter: string, folder: string, metadata?: Readonly<Record<string, string>>): Promise<void>;
  interpolate(from: AdapterHandle, to: string, share: number): Promise<string>;
  release(adapter: string): Promise<void>;
  /** Tokens of a plain text. */
  countTokens(text: string): number;
  /** Tokens of a rendered prompt. */
  promptTokens(prompt: Prompt): number;
}
