// Messages between an engine process and the process that started it, over Node's IPC channel ('advanced' serialization,
// so typed arrays travel as they are). Both sides parse what they receive: a message that does not fit is a bug in the
// other side or another version of Graft, and must not reach the executor.
import { z } from 'zod';

const requestId = z.int().nonnegative();
const ids = z.custom<Int32Array>((value) => value instanceof Int32Array, 'token ids are an Int32Array');
const adapterOrBase = z.string().min(1).nullable();
const seed = z.int().nonnegative();

/** Where the engine's graphs run. */
export const deviceSchema = z.enum(['cpu', 'webgpu']);

export const decodeItemSchema = z.object({
  prompt: ids,
  adapter: adapterOrBase,
  maxTokens: z.int().positive(),
  /** 0 is greedy. */
  temperature: z.number().nonnegative(),
  topP: z.number().positive().max(1),
  seed,
  /** Decoding ends before the first of these; it is not part of the text. */
  stop: z.array(z.string().min(1)),
  /** Nats: decoding ends after the token with which the sum of log-probabilities falls below; absent: never. */
  leastLogProbability: z.number().optional(),
  /** Taken as the text, token by token, so as to learn how likely it is; decoding ends with it, or after `maxTokens` of it. */
  draft: ids.optional(),
  /** Identifiers that code may use: inside backticks, and everywhere after `codeAfter`. */
  names: z.object({ words: z.array(z.string()), codeAfter: z.string().optional() }).optional(),
});

export const decodedSchema = z.object({
  ids,
  /** Special tokens other than end-of-text stand as their names. */
  text: z.string(),
  finish: z.enum(['endOfText', 'stop', 'length', 'unlikely']),
  tokens: z.int().nonnegative(),
  /** Of each generated token, nats at temperature 1. */
  logProbabilities: z.array(z.number()),
  /** UTF-16 length of the text when each of these tokens had been written. */
  lengths: z.array(z.int().nonnegative()),
  /** Mean over the generated tokens (end of text included), nats, at temperature 1. */
  meanLogProbability: z.number(),
});

export const scoreItemSchema = z.object({ prompt: ids, answer: ids, without: z.int().nonnegative().optional(), adapter: adapterOrBase });
export const scoredSchema = z.object({ logProbability: z.number(), tokens: z.int().nonnegative() });

export const engineRecipeSchema = z.object({
  learningRate: z.number().positive(),
  epochs: z.int().positive(),
  loss: z.enum(['answers', 'all']),
  rank: z.int().positive(),
  alpha: z.number().positive(),
  /** Share of the steps over which the learning rate rises from 0. */
  warmupShare: z.number().min(0).max(1),
  clipNorm: z.number().positive(),
  weightDecay: z.number().nonnegative(),
});

export const trainExampleSchema = z.object({
  ids,
  /** Index into `ids` of the first token of the answer. */
  answerStart: z.int().nonnegative(),
});

export const engineCandidateSchema = z.object({
  name: z.string(),
  examples: z.array(trainExampleSchema).min(1),
  recipe: engineRecipeSchema,
  seed,
  /** The adapter to start from; null is a fresh one (B = 0) on the base. What a paused training of the same candidate left goes on from there. */
  from: adapterOrBase,
  /** Share of the steps after which to pause. */
  until: z.number().positive().max(1).optional(),
});

export const trainStepSchema = z.object({
  step: z.int().nonnegative(),
  /** Mean over the step's loss tokens, nats. */
  loss: z.number(),
  learningRate: z.number(),
  /** Before clipping. */
  gradientNorm: z.number(),
});

export const trainedSchema = z.object({
  name: z.string(),
  adapter: z.string(),
  steps: z.array(trainStepSchema),
  tokens: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
});

export const trainProgressSchema = z.object({
  step: z.int().nonnegative(),
  steps: z.int().nonnegative(),
  /** Per candidate, in the order of the request; null: that candidate has finished. */
  losses: z.array(z.number().nullable()),
});

export const modelInfoSchema = z.object({
  name: z.string(),
  hash: z.string(),
  family: z.enum(['qwen2', 'qwen3', 'llama']),
  parameters: z.int().positive(),
  contextTokens: z.int().positive(),
  writesSelfEdits: z.boolean(),
  engine: z.string(),
});

const handleSchema = z.object({ adapter: z.string() });
const nothingSchema = z.object({});

/** What each request carries (beside `id` and `type`) and what its reply carries. */
export const engineCalls = {
  open: {
    request: z.object({
      modelFolder: z.string(),
      cacheFolder: z.string(),
      threads: z.int().positive(),
      device: deviceSchema,
      /** Of the time: how much of it learning may keep the GPU busy. Absent: all. On the CPU it says nothing: there learning is niced. */
      gpuShare: z.number().min(0.05).max(1).optional(),
    }),
    reply: modelInfoSchema,
  },
  decode: {
    request: z.object({ items: z.array(decodeItemSchema), priority: z.enum(['completion', 'learning']) }),
    reply: z.array(decodedSchema),
  },
  score: {
    request: z.object({ items: z.array(scoreItemSchema), priority: z.enum(['completion', 'learning']).default('learning') }),
    reply: z.array(scoredSchema),
  },
  train: {
    request: z.object({ candidates: z.array(engineCandidateSchema).min(1), tokensPerStep: z.int().positive().optional() }),
    reply: z.array(trainedSchema),
  },
  loadAdapter: { request: z.object({ folder: z.string() }), reply: handleSchema },
  saveAdapter: {
    request: z.object({ adapter: z.string(), folder: z.string(), metadata: z.record(z.string(), z.string()) }),
    reply: nothingSchema,
  },
  interpolate: {
    request: z.object({ from: adapterOrBase, to: z.string(), /** Above 1 goes on in the same direction. */ share: z.number().min(0).max(4) }),
    reply: handleSchema,
  },
  release: { request: z.object({ adapter: z.string() }), reply: nothingSchema },
  cancel: { request: z.object({ target: requestId }), reply: nothingSchema },
} as const;

export type EngineCall = keyof typeof engineCalls;
/** What the caller passes. */
export type EngineArguments<C extends EngineCall> = z.input<(typeof engineCalls)[C]['request']>;
/** What the service sees, defaults filled in. */
export type EngineParameters<C extends EngineCall> = z.output<(typeof engineCalls)[C]['request']>;
export type EngineReply<C extends EngineCall> = z.output<(typeof engineCalls)[C]['reply']>;

const callNames = Object.keys(engineCalls) as [EngineCall, ...EngineCall[]];

/** The outside of a request; the rest is parsed by the call's own schema. */
export const requestEnvelopeSchema = z.looseObject({ id: requestId, type: z.enum(callNames) });

export const engineErrorSchema = z.object({
  /** Stable; callers branch on it. */
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** Everything an engine process sends: a reply, a failure, progress of a training, or that it listens. */
export const engineMessageSchema = z.union([
  z.object({ ready: z.literal(true), pid: z.int() }),
  z.object({ id: requestId, ok: z.literal(true), value: z.unknown() }),
  z.object({ id: requestId, ok: z.literal(false), error: engineErrorSchema }),
  z.object({ id: requestId, progress: trainProgressSchema }),
]);

export type Device = z.output<typeof deviceSchema>;
export type DecodeItem = z.output<typeof decodeItemSchema>;
export type Decoded = z.output<typeof decodedSchema>;
export type EngineScoreItem = z.output<typeof scoreItemSchema>;
export type EngineScored = z.output<typeof scoredSchema>;
export type EngineRecipe = z.output<typeof engineRecipeSchema>;
export type TrainExample = z.output<typeof trainExampleSchema>;
export type EngineCandidate = z.output<typeof engineCandidateSchema>;
export type EngineTrained = z.output<typeof trainedSchema>;
export type TrainProgress = z.output<typeof trainProgressSchema>;
export type EngineModelInfo = z.output<typeof modelInfoSchema>;
export type EngineError = z.output<typeof engineErrorSchema>;
export type EngineMessage = z.output<typeof engineMessageSchema>;
export type Priority = 'completion' | 'learning';
