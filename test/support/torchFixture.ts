// Loads what test/fixtures/torch/make.py wrote: a tiny model, adapters of two candidates and the numbers that torch found for them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePeftAdapter, type PeftAdapter } from '../../server/adapterFormat/peftAdapter.ts';
import { parseModelConfig, type ModelConfig } from '../../server/engine/model/modelConfig.ts';
import { adaptedLinears } from '../../server/engine/model/modelTensors.ts';
import { openWeights, type WeightFile } from '../../server/engine/model/weightCache.ts';
import type { LinearModule } from '../../server/engine/lora/adapterLayout.ts';
import type { FlatAdapter } from '../../server/engine/lora/flatAdapter.ts';
import { fromPeft } from '../../server/engine/lora/peftConversion.ts';
import { nodeLargeFiles } from '../../server/host/nodeLargeFiles.ts';
import type { PackableExample } from './packExamples.ts';

export const torchFixtureNames = ['qwen2', 'qwen3', 'llama'] as const;
export type TorchFixtureName = (typeof torchFixtureNames)[number];

/** Ten training steps are recorded for one family: the optimiser does not depend on it. */
export function hasTraining(name: TorchFixtureName): boolean {
  return name === 'qwen2';
}

interface ExpectedCandidate {
  readonly folder: string;
  readonly alpha: number;
  readonly peak: number;
  readonly weightDecay: number;
  readonly maxNorm: number;
  readonly examples: readonly PackableExample[];
  readonly loss: number;
  readonly logProbabilities: readonly number[];
  readonly lastLogits: readonly (readonly number[])[];
  readonly greedy: readonly (readonly number[])[];
  readonly trainingLosses?: readonly number[];
  readonly gradientNorms?: readonly number[];
}

export interface TorchCandidate extends ExpectedCandidate {
  readonly adapter: FlatAdapter;
  /** In the flat layout. */
  readonly gradient: Float32Array;
  readonly trained: Float32Array | undefined;
}

export interface TorchFixture {
  readonly config: ModelConfig;
  readonly linears: readonly LinearModule[];
  readonly weights: WeightFile;
  readonly candidates: readonly TorchCandidate[];
  readonly steps: number;
  readonly warmupSteps: number;
  dispose(): void;
}

export const torchFixtureFolder = fileURLToPath(new URL('../fixtures/torch', import.meta.url));

export async function loadTorchFixture(name: TorchFixtureName): Promise<TorchFixture> {
  const folder = join(torchFixtureFolder, name);
  const config = parseModelConfig(readFileSync(join(folder, 'config.json'), 'utf8'));
  const cacheFolder = mkdtempSync(join(tmpdir(), 'graft-torch-'));
  const weights = await openWeights({ files: nodeLargeFiles, folder, cacheFolder, hash: name, config });
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { steps: number; warmupSteps: number; candidates: ExpectedCandidate[] };
  const linears = adaptedLinears(config);
  const candidates = expected.candidates.map((candidate): TorchCandidate => {
    const at = join(folder, candidate.folder);
    const flat = (file: string): FlatAdapter => fromPeft(linears, peft(at, file), { baseHash: name });
    return {
      ...candidate,
      adapter: flat('adapter_model.safetensors'),
      gradient: flat('gradient.safetensors').values,
      trained: candidate.trainingLosses === undefined ? undefined : flat('trained.safetensors').values,
    };
  });
  const { steps, warmupSteps } = expected;
  return { config, linears, weights, candidates, steps, warmupSteps, dispose: () => rmSync(cacheFolder, { recursive: true, force: true }) };
}

/** Gradients and trained weights are stored like adapters, so that one reader serves all three. */
function peft(folder: string, file: string): PeftAdapter {
  return parsePeftAdapter(readFileSync(join(folder, 'adapter_config.json'), 'utf8'), readFileSync(join(folder, file)));
}
