// Opens a model folder on a runtime and joins decoding, scoring and training to what the service asks for.
import type { Clock } from '../../base/clock.ts';
import type { Files } from '../../base/files.ts';
import type { LargeFiles } from '../../base/largeFiles.ts';
import { parseTokenizer } from '../../tokenizer/byteLevelTokenizer.ts';
import { templateFor } from '../../tokenizer/template.ts';
import { assertTokenizerFits } from '../../tokenizer/tokenizerFits.ts';
import { decode } from '../generate/decode.ts';
import { PrefixCache } from '../generate/prefixCache.ts';
import { score } from '../generate/score.ts';
import { readAdapterFolder, writeAdapterFolder } from '../lora/adapterFolder.ts';
import { interpolateAdapters } from '../lora/interpolateAdapters.ts';
import { parseModelConfig } from '../model/modelConfig.ts';
import { adaptedLinears, parameterCount } from '../model/modelTensors.ts';
import { openWeights } from '../model/weightCache.ts';
import { ExecutableCache } from '../runtime/executableCache.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { trainCandidates, type TrainedAdapter } from '../train/trainCandidates.ts';
import type { Executor, OpenOptions } from './executor.ts';

/** Prompts whose keys and values completion comes back to: a few files that the user moves among. */
const rememberedPrompts = 4;

export interface ModelExecutorParts {
  readonly files: Files;
  readonly largeFiles: LargeFiles;
  readonly clock: Clock;
  /** Rejects where the device is not there. */
  readonly openRuntime: (options: OpenOptions) => Promise<Runtime>;
  /** Checks that the folder is whole; rejects with what is missing. */
  readonly identify: (options: OpenOptions) => Promise<{ readonly name: string; readonly hash: string }>;
}

export async function openModelExecutor(parts: ModelExecutorParts, options: OpenOptions): Promise<Executor<TrainedAdapter>> {
  const { files, largeFiles, clock } = parts;
  const { modelFolder, cacheFolder } = options;
  // First, so that a device that is not there is told before the weights are converted.
  const runtime = await parts.openRuntime(options);
  const { name, hash } = await parts.identify(options);
  const config = parseModelConfig(await files.readText(`${modelFolder}/config.json`));
  const text = parseTokenizer(await files.readText(`${modelFolder}/tokenizer.json`), `${modelFolder}/tokenizer.json`);
  assertTokenizerFits(text, config.vocabularySize);
  const { writesSelfEdits } = templateFor(text);
  const weights = await openWeights({ files: largeFiles, folder: modelFolder, cacheFolder, hash, config });

  const executables = new ExecutableCache(runtime, weights);
  const linears = adaptedLinears(config);
  const base = { linears, hash, name };
  const model = { config, executables };
  const prefixes = new PrefixCache(rememberedPrompts);
  return {
    info: {
      name,
      hash,
      family: config.family,
      parameters: parameterCount(config),
      contextTokens: config.contextTokens,
      writesSelfEdits,
      engine: runtime.name,
    },
    decode: (items, control) => decode(items, { ...model, text, prefixes, checkpoint: control.checkpoint }),
    score: (items, control) => score(items, { ...model, checkpoint: control.checkpoint }),
    async train(candidates, { tokensPerStep, onProgress }, control) {
      const trained = await trainCandidates(candidates, { ...model, clock, tokensPerStep, onProgress, checkpoint: control.checkpoint });
      return trained.map((one) => ({ ...one, steps: [...one.steps] }));
    },
    loadAdapter: (folder) => readAdapterFolder(files, folder, base),
    saveAdapter: (adapter, folder, metadata) => writeAdapterFolder(files, folder, adapter, { base, metadata }),
    interpolate: (from, to, share) => interpolateAdapters(linears, from, to, share),
    async dispose() {
      await executables.dispose();
      await runtime.dispose();
    },
  };
}
