// The engine that the text-level model wants: ids in, ids out. `engineClient` is one.
import type { EngineArguments, EngineReply, TrainProgress } from '../protocol/engine.ts';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Engine {
  open(parameters: EngineArguments<'open'>, options?: CallOptions): Promise<EngineReply<'open'>>;
  decode(parameters: EngineArguments<'decode'>, options?: CallOptions): Promise<EngineReply<'decode'>>;
  score(parameters: EngineArguments<'score'>, options?: CallOptions): Promise<EngineReply<'score'>>;
  train(
    parameters: EngineArguments<'train'>,
    options?: CallOptions & { readonly onProgress?: ((progress: TrainProgress) => void) | undefined },
  ): Promise<EngineReply<'train'>>;
  loadAdapter(folder: string): Promise<string>;
  saveAdapter(parameters: EngineArguments<'saveAdapter'>): Promise<void>;
  interpolate(parameters: EngineArguments<'interpolate'>): Promise<string>;
  release(adapter: string): Promise<void>;
}
