// Messages between the learner worker (a thread) and the process that started it. Both sides parse what they receive.
import { z } from 'zod';
import { deviceSchema } from './engine.ts';

export const learnerSettingsSchema = z.object({
  enabled: z.boolean(),
  /** Learning time per hour; null: no limit. */
  budgetMsPerHour: z.number().positive().nullable(),
  sleepWhenIdle: z.boolean(),
  /** Default `onCommit`. */
  when: z.enum(['onCommit', 'idle', 'hours', 'manual']).optional(),
  /** Local hours of the day, for `hours`. */
  hours: z.object({ from: z.int(), to: z.int() }).optional(),
  /** Learning time per local day; null: no limit. */
  budgetMsPerDay: z.number().positive().nullable().optional(),
  pauseOnBattery: z.boolean().optional(),
  /** Bytes that the store may take; null: no limit. */
  diskBytes: z.number().positive().nullable().optional(),
});

/** Where HEAD stands, as `server/git` says it. */
const repositoryStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('onBranch'), branch: z.string(), head: z.string() }),
  z.object({ kind: z.literal('noCommits'), branch: z.string() }),
  z.object({ kind: z.literal('detached'), head: z.string() }),
  z.object({ kind: z.literal('busy'), operation: z.enum(['rebase', 'merge', 'cherryPick', 'revert', 'bisect']) }),
]);

const askId = z.int().nonnegative();

/** What needs the learner's engine and is answered: by `answered` or `refused` with the same id. */
const retrainSchema = z.object({
  type: z.literal('retrain'),
  id: askId,
  version: z.string(),
  strike: z.array(z.string()),
  restore: z.array(z.string()),
  edits: z.array(z.object({ pair: z.string(), answer: z.string() })),
});

export const learnerRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    folder: z.string(),
    installationRoot: z.string(),
    cacheFolder: z.string(),
    model: z.string().optional(),
    threads: z.int().positive().optional(),
    /** Absent: the CPU. */
    device: deviceSchema.optional(),
    /** Of the time: how much of it learning may keep a GPU busy; absent: all. */
    gpuShare: z.number().min(0.05).max(1).optional(),
    /** What the engine that learns may hold; absent: no limit. */
    memoryBytes: z.number().positive().optional(),
    seed: z.int().nonnegative(),
    runTests: z.boolean(),
    /** The user's own test command; absent: what package.json says. */
    testCommand: z.string().optional(),
    /** Null: everyone's commits may teach. */
    approvedEmails: z.array(z.string()).nullable(),
    /** Languages that may teach; absent: all that are known. */
    languages: z.array(z.string()).optional(),
    /** Patterns of files that may not teach, as in a .gitignore. */
    ignore: z.array(z.string()).optional(),
    /** `self` (default): the learner watches the repository; `told`: it is told by `repository`. */
    watch: z.enum(['self', 'told']).optional(),
    settings: learnerSettingsSchema,
  }),
  z.object({ type: z.literal('settings'), settings: learnerSettingsSchema }),
  z.object({ type: z.literal('repository'), state: repositoryStateSchema }),
  /** The user types: the machine is not idle. */
  z.object({ type: z.literal('activity') }),
  z.object({ type: z.literal('learnNow') }),
  z.object({ type: z.literal('cancel') }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('power'), onBattery: z.boolean() }),
  retrainSchema,
  /** Whoever asked gave up: what was asked with this id is stopped, and refused as `cancelled`. */
  z.object({ type: z.literal('withdraw'), id: askId }),
  z.object({ type: z.literal('close') }),
]);

export const learnerEventSchema = z.discriminatedUnion('type', [
  /** The model is open. It opens on first need and closes again after a while. */
  z.object({ type: z.literal('ready'), model: z.string(), engine: z.string() }),
  z.object({ type: z.literal('progress'), work: z.enum(['commits', 'sleep', 'retrain']), branch: z.string(), commits: z.array(z.string()), phase: z.string(), share: z.number().nullable(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('outcome'), kind: z.enum(['promoted', 'rejected', 'skipped']), branch: z.string(), commits: z.array(z.string()), version: z.string().nullable(), text: z.string() }),
  /** There was nothing to learn; the reason is one of `SkipReason`. */
  z.object({ type: z.literal('nothing'), reason: z.string() }),
  /** Said while learning, for the log: history was rewritten, a version was set aside. */
  z.object({ type: z.literal('note'), text: z.string() }),
  z.object({ type: z.literal('slept'), text: z.string() }),
  /** The branch that is checked out has changed, or HEAD is detached (null): another version serves. */
  z.object({ type: z.literal('serve'), branch: z.string().nullable(), head: z.string() }),
  z.object({ type: z.literal('standing'), standing: z.discriminatedUnion('kind', [z.object({ kind: z.enum(['idle', 'learning', 'sleeping']) }), z.object({ kind: z.literal('paused'), why: z.string() })]) }),
  z.object({ type: z.literal('tell'), why: z.string() }),
  /** The engine's process is gone and is started again. What it was asked for, if anything, fails by itself. */
  z.object({ type: z.literal('engineEnded'), message: z.string() }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string() }),
  z.object({ type: z.literal('answered'), id: askId, version: z.string().nullable(), promoted: z.boolean(), text: z.string() }),
  z.object({ type: z.literal('refused'), id: askId, code: z.string(), message: z.string() }),
  z.object({ type: z.literal('closed') }),
]);

export type LearnerSettings = z.infer<typeof learnerSettingsSchema>;
export type LearnerRequest = z.infer<typeof learnerRequestSchema>;
export type LearnerOpen = Extract<LearnerRequest, { type: 'open' }>;
export type LearnerAsk = Extract<LearnerRequest, { type: 'retrain' }>;
export type LearnerEvent = z.infer<typeof learnerEventSchema>;
export type LearnerAnswer = Extract<LearnerEvent, { type: 'answered' }>;
