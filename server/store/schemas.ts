// Shapes of everything read back from disk: a file that another program or a newer Graft wrote is refused, not misread.
// Unknown fields are kept, so that an older Graft rewriting a branch file loses nothing a newer one put there.
import { z } from 'zod';
import { structuralForms, writtenForms } from '../base/prompt.ts';
import type { BranchRecord } from './branchRecord.ts';
import type { CycleDetails, Manifest, StoredItem, TrainingLine } from './version.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f]{16}$/);
const interval = z.object({ gain: z.number(), low: z.number().nullable(), high: z.number().nullable() });

export const recipeSchema = z.object({
  learningRate: z.number(),
  epochs: z.number(),
  loss: z.enum(['answers', 'all']),
  replay: z.number(),
  rank: z.number().int(),
  mix: z.partialRecord(z.enum([...structuralForms, ...writtenForms]), z.number()),
  augment: z.enum(['none', 'reorder', 'context']),
});

export const verdictSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('promoted') }),
  z.object({
    kind: z.literal('rejected'),
    reason: z.enum(['noGain', 'testsFell', 'forgot', 'generalLoss', 'tooFewProbes', 'tooFewPairs', 'unstable', 'placebo']),
    explanation: z.string(),
  }),
]);

const rewardSchema = z.object({
  value: z.number(),
  dense: interval,
  probes: z.number().int(),
  tests: z.object({
    informative: z.number().int(),
    before: z.number(),
    after: z.number(),
    trials: z.number().int().optional(),
    change: interval.optional(),
    verdict: z.enum(['better', 'same', 'worse', 'inconclusive', 'notRunnable']),
    note: z.string().optional(),
  }),
  retention: interval.nullable(),
  generalLossChange: z.number().nullable(),
});

export const manifestSchema = z.looseObject({
  format: z.literal(1),
  id,
  parent: id.nullable(),
  createdMs: z.number(),
  repository: z.string(),
  branch: z.string(),
  model: z.object({ name: z.string(), hash: z.string() }),
  engine: z.string(),
  commits: z.array(z.string()),
  head: z.string(),
  trainedFrom: id.nullable(),
  origin: z.enum(['wake', 'sleep', 'import', 'retrain']),
  verdict: verdictSchema,
  candidate: z.string(),
  share: z.number(),
  shrunkTo: z.number(),
  recipe: recipeSchema,
  seed: z.number(),
  pairs: z.object({ structural: z.number().int(), model: z.number().int(), replay: z.number().int() }),
  reward: rewardSchema,
  placebo: z.object({ tried: z.boolean(), promoted: z.boolean() }),
  seconds: z.record(z.string(), z.number()),
  thinned: z.boolean().optional(),
  files: z.record(z.string(), hash),
}) as unknown as z.ZodType<Manifest>;

export const storedItemSchema = z.looseObject({ id: z.string(), commit: z.string(), path: z.string() }) as z.ZodType<StoredItem>;

export const trainingLineSchema: z.ZodType<TrainingLine> = z.object({
  candidate: z.string(),
  step: z.number().int(),
  loss: z.number(),
  learningRate: z.number(),
  gradientNorm: z.number(),
});

export const detailsSchema = z.looseObject({
  candidates: z.array(
    z.looseObject({
      name: z.string(),
      recipe: recipeSchema,
      recipeText: z.string().optional(),
      pairs: z.number().int(),
      modelPairs: z.number().int(),
      gainOverStructural: z.number().nullable(),
      written: z.array(z.object({ prompt: z.record(z.string(), z.unknown()), text: z.string() })),
    }),
  ),
  leftOut: z.array(z.object({ path: z.string(), reason: z.string() })),
  dropped: z.array(z.object({ form: z.string(), text: z.string(), reason: z.string() })),
  completions: z.array(
    z.object({ path: z.string(), prompt: z.string(), expected: z.string(), before: z.string(), after: z.string() }),
  ),
  surprise: z.number().nullable(),
  notes: z.array(z.string()),
}) as unknown as z.ZodType<CycleDetails>;

const moveSchema = z.looseObject({
  kind: z.enum(['create', 'promote', 'reject', 'skip', 'keep', 'rollBack', 'reset', 'fallBack', 'forget', 'rewritten']),
  atMs: z.number(),
  from: id.nullable(),
  to: id.nullable(),
  about: id.optional(),
  head: z.string().nullable(),
  reason: z.string().optional(),
  commits: z.array(z.string()).optional(),
  patchIds: z.array(z.string()).optional(),
});

export const branchRecordSchema = z.looseObject({
  format: z.literal(1),
  branch: z.string(),
  creation: z.object({ commit: z.string().nullable(), timeSeconds: z.number().nullable() }),
  lines: z.record(
    z.string(),
    z.looseObject({
      active: id.nullable(),
      parent: id.nullable(),
      learntUpTo: z.string().nullable(),
      history: z.array(moveSchema),
    }),
  ),
}) as unknown as z.ZodType<BranchRecord>;
