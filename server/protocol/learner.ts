// Messages between the learner worker (a thread) and the process that started it. Both sides parse what they receive.
import { z } from 'zod';

export const learnerSettingsSchema = z.object({
  enabled: z.boolean(),
  /** Learning time per hour; null: no limit. */
  budgetMsPerHour: z.number().positive().nullable(),
  sleepWhenIdle: z.boolean(),
});

export const learnerRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    folder: z.string(),
    installationRoot: z.string(),
    cacheFolder: z.string(),
    model: z.string().optional(),
    threads: z.int().positive().optional(),
    seed: z.int().nonnegative(),
    runTests: z.boolean(),
    /** Null: everyone's commits may teach. */
    approvedEmails: z.array(z.string()).nullable(),
    settings: learnerSettingsSchema,
  }),
  z.object({ type: z.literal('settings'), settings: learnerSettingsSchema }),
  /** The user types: the machine is not idle. */
  z.object({ type: z.literal('activity') }),
  z.object({ type: z.literal('learnNow') }),
  z.object({ type: z.literal('cancel') }),
  z.object({ type: z.literal('close') }),
]);

export const learnerEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), model: z.string(), engine: z.string() }),
  z.object({ type: z.literal('progress'), branch: z.string(), commits: z.array(z.string()), phase: z.string(), share: z.number().nullable(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('outcome'), kind: z.enum(['promoted', 'rejected', 'skipped']), branch: z.string(), commits: z.array(z.string()), version: z.string().nullable(), text: z.string() }),
  z.object({ type: z.literal('slept'), text: z.string() }),
  /** The branch that is checked out has changed, or HEAD is detached (null): another version serves. */
  z.object({ type: z.literal('serve'), branch: z.string().nullable(), head: z.string() }),
  z.object({ type: z.literal('tell'), why: z.string() }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string() }),
  z.object({ type: z.literal('closed') }),
]);

export type LearnerSettings = z.infer<typeof learnerSettingsSchema>;
export type LearnerRequest = z.infer<typeof learnerRequestSchema>;
export type LearnerOpen = Extract<LearnerRequest, { type: 'open' }>;
export type LearnerEvent = z.infer<typeof learnerEventSchema>;
