// Trains K candidates together: every step is one pass over the frozen weights for all of them. Examples, order, schedule, clipping, loss
// mean and step count are each candidate's own; one that has done its steps leaves the batch.
//
// Only B is trained; A keeps its random start (LoRA-FA, arXiv:2308.03303). Adam moves every element by about the learning rate, and a product with A sums
// such moves over all inputs (LoRA+, arXiv:2402.12354): where B is not 0, one commit's steps of A undid what the commits before had taught.
import { assert, present } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { Random } from '../../base/random.ts';
import type { AdapterSlot } from '../graph/operations.ts';
import { adapterLayout, joinedSlots, type AdapterLayout } from '../lora/adapterLayout.ts';
import { scaleOf, type FlatAdapter } from '../lora/flatAdapter.ts';
import { padRank, unpadRank } from '../lora/padRank.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import { adaptedLinears } from '../model/modelTensors.ts';
import { trainingGraph } from '../model/trainingGraph.ts';
import { adamWStep, newAdamWState, resizedState, type AdamWState } from '../optim/adamW.ts';
import { clipByNorm } from '../optim/clipByNorm.ts';
import { learningRateAt } from '../optim/learningRate.ts';
import type { ExecutableCache } from '../runtime/executableCache.ts';
import type { Tensor } from '../runtime/runtime.ts';
import { packedParts } from './packedParts.ts';
import { planSteps } from './planSteps.ts';
import type { Sequence } from './sequenceTree.ts';
import { startingAdapter } from './startingAdapter.ts';

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
  /** 0: no clipping. */
  readonly clipNorm: number;
  readonly weightDecay: number;
}

/** An adapter, and where its training paused; what is made of the adapter otherwise has no such mark. */
export interface TrainedAdapter extends FlatAdapter {
  readonly paused?: {
    readonly stepsDone: number;
    /** Of each module's B, in the order of the layout. */
    readonly moments: readonly AdamWState[];
  };
}

export interface Candidate {
  readonly name: string;
  readonly examples: readonly TrainExample[];
  readonly recipe: TrainRecipe;
  readonly seed: number;
  /** The adapter to start from; null is a fresh one (B = 0) on the base. One that was paused goes on with the steps that its training had left. */
  readonly from: TrainedAdapter | null;
  /** Share of the steps after which to pause; absent: all of them. */
  readonly until?: number | undefined;
}

export interface TrainStep {
  /** Counts from 1. */
  readonly step: number;
  /** Mean over the step's loss tokens, nats, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Of B, before clipping. */
  readonly gradientNorm: number;
}

export interface TrainedCandidate {
  readonly name: string;
  readonly adapter: TrainedAdapter;
  /** Those of this call. */
  readonly steps: readonly TrainStep[];
  /** Of these steps, padding excluded. */
  readonly tokens: number;
  /** From the start of the batch to this candidate's last step. */
  readonly seconds: number;
}

export interface TrainContext {
  readonly config: ModelConfig;
  readonly executables: ExecutableCache;
  readonly clock: Clock;
  /** Tokens of one candidate in one step; absent: as suits its examples (`planSteps`). */
  readonly tokensPerStep?: number | undefined;
  /** Awaited before every step; rejects to cancel. */
  readonly checkpoint?: () => Promise<void>;
  readonly onProgress?: (progress: { readonly step: number; readonly steps: number; readonly losses: (number | null)[] }) => void;
}

/** The results are in the order of `candidates`. Same inputs, seeds and thread count: same adapters, bit for bit, paused in between or not. */
export async function trainCandidates(candidates: readonly Candidate[], context: TrainContext): Promise<TrainedCandidate[]> {
  const { clock, onProgress } = context;
  const startMs = clock.monotonicMs();
  const batch = startTraining(candidates, context);
  const nSteps = Math.max(...batch.runs.map(({ plan }) => plan.length));
  const rank = batch.layout.rank;
  const trained = batch.layout.modules.map(({ b }) => b);
  const executable = await context.executables.get(`train:${rank}`, () => trainingGraph(context.config, { layout: batch.layout, trained }), { purpose: 'training' });

  for (let stepIndex = 0; stepIndex < nSteps; stepIndex++) {
    await context.checkpoint?.();
    // Runs are ordered by falling length of plan, so those still active are the first ones of the buffer.
    const active = batch.runs.filter(({ plan }) => stepIndex < plan.length);
    for (const { first, end, packed } of packedParts(active.map(({ plan }) => present(plan[stepIndex])))) {
      const outputs = await executable.run({ ...packed.inputs, ...adapterInputs(batch, first, end) });
      const losses = floats(outputs.losses);
      const gradients = floats(outputs.gradient);
      for (const [k, run] of active.slice(first, end).entries()) {
        const size = gradients.length / (end - first);
        updateCandidate(run, { loss: present(losses[k]), gradient: gradients.subarray(k * size, (k + 1) * size), trained });
        run.seconds = (clock.monotonicMs() - startMs) / 1000;
      }
    }
    onProgress?.({ step: stepIndex + 1, steps: nSteps, losses: lossesInOrder(batch.runs, active) });
  }
  return batch.runs.toSorted((a, b) => a.index - b.index).map((run) => finishedCandidate(run, batch));
}

/** One candidate in training. */
interface Run {
  readonly index: number;
  readonly candidate: Candidate;
  /** What each step of this call trains on. */
  readonly plan: readonly (readonly Sequence[])[];
  /** Steps taken before this call, and of the whole training. */
  readonly stepsBefore: number;
  readonly stepsInAll: number;
  /** Its part of the batch's buffer, updated in place. */
  readonly parameters: Float32Array;
  readonly scale: number;
  /** The rank that it asked for or came with; the batch may hold it padded. */
  readonly rank: number;
  /** Of every module's B. */
  readonly states: readonly AdamWState[];
  readonly steps: TrainStep[];
  seconds: number;
}

interface Batch {
  readonly layout: AdapterLayout;
  readonly runs: readonly Run[];
  /** [K, size]: all adapters, in the order of `runs`. */
  readonly parameters: Float32Array;
  readonly scales: Float32Array;
}

function startTraining(candidates: readonly Candidate[], { config, tokensPerStep }: TrainContext): Batch {
  assert(candidates.length > 0, 'something to train');
  const linears = adaptedLinears(config);
  const started = candidates.map((candidate, index) => {
    const { examples, recipe, seed, from } = candidate;
    const random = new Random(seed);
    const adapter = startingAdapter(linears, from, { rank: recipe.rank, alpha: recipe.alpha, random: random.fork('adapter') });
    const whole = planSteps(examples, { recipe, tokensPerStep, contextTokens: config.contextTokens, random: random.fork('order') });
    const stepsBefore = from?.paused?.stepsDone ?? 0;
    const plan = whole.slice(stepsBefore, pauseAfter(whole.length, candidate));
    return { index, candidate, plan, stepsBefore, stepsInAll: whole.length, adapter };
  });
  started.sort((a, b) => b.plan.length - a.plan.length || a.index - b.index);
  const layout = adapterLayout(linears, Math.max(...started.map(({ adapter }) => adapter.rank)));
  const parameters = new Float32Array(started.length * layout.size);
  const runs = started.map(({ adapter, ...run }, k) => {
    const own = parameters.subarray(k * layout.size, (k + 1) * layout.size);
    own.set(padRank(linears, adapter, layout.rank).values);
    const before = run.candidate.from?.paused?.moments;
    const states = layout.modules.map(({ b }, index) => {
      const size = b.rows * b.columns;
      return before === undefined ? newAdamWState(size) : resizedState(present(before[index], 'moments'), size);
    });
    return { ...run, parameters: own, scale: scaleOf(adapter), rank: adapter.rank, states, steps: [], seconds: 0 };
  });
  return { layout, runs, parameters, scales: Float32Array.from(runs, ({ scale }) => scale) };
}

/** At least one step, if there is any. */
function pauseAfter(steps: number, { until = 1 }: Candidate): number {
  return Math.min(steps, Math.max(1, Math.round(until * steps)));
}

function adapterInputs({ layout, parameters, scales }: Batch, first: number, end: number): { adapters: Tensor; scale: Tensor } {
  return {
    adapters: { dtype: 'f32', shape: [end - first, layout.size], data: parameters.subarray(first * layout.size, end * layout.size) },
    scale: { dtype: 'f32', shape: [end - first], data: scales.subarray(first, end) },
  };
}

interface Update {
  readonly loss: number;
  /** Of the trained slots one after the other; changed in place. */
  readonly gradient: Float32Array;
  readonly trained: readonly AdapterSlot[];
}

function updateCandidate(run: Run, { loss, gradient, trained }: Update): void {
  const { recipe } = run.candidate;
  const step = run.stepsBefore + run.steps.length + 1;
  const warmupSteps = Math.round(recipe.warmupShare * run.stepsInAll);
  const learningRate = learningRateAt({ kind: 'cosine', peak: recipe.learningRate, steps: run.stepsInAll, warmupSteps }, step);
  const gradientNorm = clipByNorm(gradient, recipe.clipNorm);
  run.steps.push({ step, loss, learningRate, gradientNorm });
  // A candidate that has diverged stays as it is; its losses say so, and its reward will.
  if (!Number.isFinite(gradientNorm)) return;
  for (const [index, slot] of joinedSlots(trained).entries()) {
    adamWStep(ofSlot(run.parameters, present(trained[index])), ofSlot(gradient, slot), present(run.states[index]), { learningRate, weightDecay: recipe.weightDecay });
  }
}

function ofSlot(values: Float32Array, slot: AdapterSlot): Float32Array {
  return values.subarray(slot.offset, slot.offset + slot.rows * slot.columns);
}

function lossesInOrder(runs: readonly Run[], active: readonly Run[]): (number | null)[] {
  const losses: (number | null)[] = runs.map(() => null);
  for (const run of active) losses[run.index] = present(run.steps.at(-1)).loss;
  return losses;
}

function finishedCandidate(run: Run, { layout }: Batch): TrainedCandidate {
  const { candidate, plan, rank, scale, steps, seconds } = run;
  const padded = { rank: layout.rank, alpha: scale * layout.rank, values: run.parameters.slice() };
  const tokens = plan.flat().reduce((sum, { ids }) => sum + ids.length, 0);
  const adapter = unpadRank(layout.modules, padded, rank);
  if (candidate.until === undefined) return { name: candidate.name, adapter, steps, tokens, seconds };
  // Also where no step is left: going on must not begin again.
  const stepsDone = run.stepsBefore + plan.length;
  const moments = run.states.map((state) => resizedState(state, (state.firstMoment.length * rank) / layout.rank));
  return { name: candidate.name, adapter: { ...adapter, paused: { stepsDone, moments } }, steps, tokens, seconds };
}

function floats(tensor: Tensor | undefined): Float32Array {
  assert(tensor?.dtype === 'f32', 'a float output');
  return tensor.data;
}
