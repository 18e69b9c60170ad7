// Training speed and memory on the shapes of Qwen2.5-Coder-0.5B: 1,024 tokens in 16 segments a step, half of them answers, K = 4 and K = 1 by
// turns, each step beside a reading of the machine's GEMM peak. The whole step counts: packing, graph, clipping, AdamW. Memory is that of
// another process that does nothing but train: `tsx bench/train.ts memory`.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Random } from '../server/base/random.ts';
import { parseModelConfig, type ModelConfig } from '../server/engine/model/modelConfig.ts';
import { modelTensors } from '../server/engine/model/modelTensors.ts';
import { ExecutableCache } from '../server/engine/runtime/executableCache.ts';
import { onnxruntimeRuntime } from '../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { trainCandidates, type Candidate } from '../server/engine/train/trainCandidates.ts';
import { systemClock } from '../server/host/systemClock.ts';
import { openGemmPeak, type GemmPeak, type GemmRate } from './gemmPeak.ts';
import { randomWeights } from './randomWeights.ts';
import type { BenchResult } from './run.ts';

const segments = 16;
const segmentTokens = 64;
const answerTokens = segmentTokens / 2;
const rounds = 3;
const stepsPerRound = 2;
const weightsName = 'qwen2.5-0.5b';

const qwen05b = {
  model_type: 'qwen2',
  vocab_size: 151936,
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
  max_position_embeddings: 32768,
};

interface Step {
  readonly candidates: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Read directly before and after. */
  readonly peak: GemmRate;
}

export async function train(): Promise<BenchResult> {
  const threads = availableParallelism();
  const config = parseModelConfig(JSON.stringify(qwen05b));
  const weights = randomWeights(config, weightsName);
  const executables = new ExecutableCache(onnxruntimeRuntime({ threads }), weights);
  const peak = await openGemmPeak(threads);
  const steps: Step[] = [];
  await trainedSteps(4, 1, { config, executables, peak });
  for (let round = 0; round < rounds; round++) {
    for (const candidates of round % 2 === 0 ? [4, 1] : [1, 4]) steps.push(...(await trainedSteps(candidates, stepsPerRound, { config, executables, peak })));
  }
  await peak.dispose();
  await executables.dispose();
  const peakBytes = Number(execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'memory'], { encoding: 'utf8' }));

  const operations = operationsPerStep(config);
  const of = (candidates: number): Step[] => steps.filter((step) => step.candidates === candidates);
  const share = (step: Step): number => operations / step.seconds / step.peak.perSecond;
  const cpuShare = (step: Step): number => (operations / step.cpuSeconds / step.peak.perCpuSecond) * threads;
  const cpuSeconds = (candidates: number): number => median(of(candidates).map((step) => step.cpuSeconds));
  return {
    figures: {
      peakShare: median(of(4).map(share)),
      peakShareK1: median(of(1).map(share)),
      k4OverK1: median(of(4).map((step) => step.seconds)) / median(of(1).map((step) => step.seconds)),
      overBaseGb: (peakBytes - weights.bytes) / 1e9,
      tokensPerSecond: (segments * segmentTokens) / median(of(4).map((step) => step.seconds)),
      gemmPeakGflops: median(steps.map((step) => step.peak.perSecond)) / 1e9,
      // The same from processor time alone: what a machine shared with other work would show undisturbed.
      peakShareOfCpu: median(of(4).map(cpuShare)),
      k4OverK1OfCpu: cpuSeconds(4) / cpuSeconds(1),
      coresHad: median(steps.map((step) => step.cpuSeconds / step.seconds)),
    },
    details: { threads, operationsPerStep: operations, baseGb: weights.bytes / 1e9, peakGb: peakBytes / 1e9, spread: { k4: spread(of(4).map(share)), k1: spread(of(1).map(share)) }, steps },
  };
}

/** Peak memory of three steps of K = 4 in this process, in bytes, mapped weights included. */
async function trainingMemory(): Promise<number> {
  const config = parseModelConfig(JSON.stringify(qwen05b));
  const executables = new ExecutableCache(onnxruntimeRuntime({ threads: availableParallelism() }), randomWeights(config, weightsName));
  const tokensPerStep = (segments * segmentTokens) / 4;
  await trainCandidates(candidates(4, 3, config.vocabularySize), { config, executables, clock: systemClock, tokensPerStep });
  return process.resourceUsage().maxRSS * 1024;
}

/** Seconds of each step, from after the reading of the peak to its progress report. */
async function trainedSteps(count: number, steps: number, { config, executables, peak }: { config: ModelConfig; executables: ExecutableCache; peak: GemmPeak }): Promise<Step[]> {
  const result: Step[] = [];
  let before: GemmRate | undefined;
  let [startMs, cpu] = [0, process.cpuUsage()];
  const readings: { seconds: number; cpuSeconds: number; before: GemmRate }[] = [];
  await trainCandidates(candidates(count, steps, config.vocabularySize), {
    config,
    executables,
    clock: systemClock,
    tokensPerStep: (segments * segmentTokens) / count,
    async checkpoint() {
      before = await peak.measure();
      cpu = process.cpuUsage();
      startMs = performance.now();
    },
    onProgress() {
      const { user, system } = process.cpuUsage(cpu);
      if (before !== undefined) readings.push({ seconds: (performance.now() - startMs) / 1000, cpuSeconds: (user + system) / 1e6, before });
    },
  });
  const last = await peak.measure();
  for (const [index, { seconds, cpuSeconds, before: first }] of readings.entries()) {
    const after = readings[index + 1]?.before ?? last;
    const mean = (key: keyof GemmRate): number => (first[key] + after[key]) / 2;
    result.push({ candidates: count, seconds, cpuSeconds, peak: { perSecond: mean('perSecond'), perCpuSecond: mean('perCpuSecond') } });
  }
  return result;
}

/** Each with its share of the segments, all of them in every step. */
function candidates(count: number, steps: number, vocabularySize: number): Candidate[] {
  const recipe = { learningRate: 1e-4, epochs: steps, loss: 'answers', rank: 16, alpha: 32, warmupShare: 0, clipNorm: 1, weightDecay: 0 } as const;
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(index);
    const examples = Array.from({ length: segments / count }, () => ({
      ids: Int32Array.from({ length: segmentTokens }, () => random.int(vocabularySize)),
      answerStart: segmentTokens - answerTokens,
    }));
    return { name: `candidate ${index}`, examples, recipe, seed: index, from: null };
  });
}

/** 2N forward and 2N for the gradients of activations; the head at answer rows only. Adapters, attention and norms are not counted. */
function operationsPerStep(config: ModelConfig): number {
  const sizes = [...modelTensors(config)].filter(([, shape]) => shape.length === 2).map(([name, shape]) => ({ name, size: shape.reduce((product, dim) => product * dim, 1) }));
  const head = sizes.find(({ name }) => name === 'model.embed_tokens.weight')?.size ?? 0;
  const body = sizes.reduce((sum, { size }) => sum + size, 0) - head;
  return 4 * body * segments * segmentTokens + 4 * head * segments * answerTokens;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

function spread(values: readonly number[]): { readonly lowest: number; readonly highest: number } {
  return { lowest: Math.min(...values), highest: Math.max(...values) };
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'memory') void trainingMemory().then((bytes) => process.stdout.write(String(bytes)));
