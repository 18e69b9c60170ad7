// Decodes many prompts with different adapters together.
import type { TokenText } from '../../tokenizer/tokenizer.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';

export interface DecodeItem {
  readonly prompt: Int32Array;
  /** null is the base model. */
  readonly adapter: FlatAdapter | null;
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly stop: readonly string[];
}

export interface DecodedItem {
  readonly ids: Int32Array;
  readonly text: string;
  readonly finish: 'endOfText' | 'stop' | 'length';
  readonly tokens: number;
  /** Nats, at temperature 1, over the generated tokens, end of text included. */
  readonly meanLogProbability: number;
}

export interface DecodeContext {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
  readonly text: TokenText;
  /** Awaited before every token; rejects to cancel. */
  readonly checkpoint?: () => Promise<void>;
}

export function decode(_items: readonly DecodeItem[], _context: DecodeContext): Promise<DecodedItem[]> {
  return Promise.reject(new Error('being written'));
}
