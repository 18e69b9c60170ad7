// Messages between the editor's extension and the language server beyond LSP itself. Names of methods, and the shape of what travels.
// The server parses what it receives; `src/` sends what these types allow. Folders are paths of repositories' working trees.
import { z } from 'zod';

// --- What the server tells ---------------------------------------------------------------------------------------------------------------

/** Why nothing is learnt although nothing failed; a closed union that the status bar words. */
export const pauseReasons = [
  'byUser', 'battery', 'hours', 'untilIdle', 'budgetSpent', 'diskFull', 'memoryShort', 'manual', 'operationInProgress', 'detachedHead', 'noCommits',
] as const;

export const repositoryStatusSchema = z.object({
  folder: z.string(),
  /** Null: HEAD is detached, or there is no commit yet. */
  branch: z.string().nullable(),
  /** The version that serves completions; null: the base model. */
  version: z.string().nullable(),
  learning: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('off') }),
    z.object({ kind: z.literal('idle') }),
    z.object({
      kind: z.literal('learning'),
      /** New commits, everything again from the base model, or a version without its struck pairs. */
      work: z.enum(['commits', 'sleep', 'retrain']),
      phase: z.string(),
      commits: z.array(z.string()),
      /** 0 to 1 over all that waits. */
      share: z.number(),
    }),
    /** What ran is gone and begins again by itself; the message says so. */
    z.object({ kind: z.literal('interrupted'), message: z.string() }),
    z.object({ kind: z.literal('paused'), why: z.enum(pauseReasons) }),
    z.object({ kind: z.literal('failed'), message: z.string() }),
  ]),
});

export const statusSchema = z.object({
  /** `off`: graft.enabled is false; nothing runs. `untrusted`: completions only. */
  mode: z.enum(['off', 'untrusted', 'on']),
  model: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('loading') }),
    z.object({ kind: z.literal('ready'), name: z.string(), device: z.string(), parameters: z.number() }),
    /** What happened and what to do. */
    z.object({ kind: z.literal('failed'), message: z.string() }),
  ]),
  repositories: z.array(repositoryStatusSchema),
});

/** Something that the user should read once: what happened and what to do next. */
export const tellSchema = z.object({ severity: z.enum(['information', 'warning', 'error']), message: z.string() });

/** The active version of a folder, or what is in its store, has changed. */
export const storeChangedSchema = z.object({ folder: z.string() });

export const serverNotifications = {
  status: 'graft/status',
  tell: 'graft/tell',
  storeChanged: 'graft/storeChanged',
} as const;

// --- What the editor asks ----------------------------------------------------------------------------------------------------------------

const interval = z.object({ gain: z.number(), low: z.number().nullable(), high: z.number().nullable() });
const commit = z.object({ id: z.string(), subject: z.string() });

/** One line of a branch's history: a version, or commits that came to nothing. */
export const historyEntrySchema = z.object({
  /** Null: no version was made (skipped, already known, or carried over untrained). */
  version: z.string().nullable(),
  outcome: z.enum(['promoted', 'rejected', 'inconclusive', 'alreadyKnown', 'skipped', 'waiting', 'moved']),
  /** The closed unions' own word (`noGain`, `allLeftOut`, `rollBack`), and a sentence. */
  reason: z.string(),
  explanation: z.string(),
  commits: z.array(commit),
  atMs: z.number(),
  active: z.boolean(),
  gain: interval.nullable(),
  tests: z.string().nullable(),
  /** False: the weights were dropped to save space, so it cannot serve. */
  switchable: z.boolean(),
});

export const branchTreeSchema = z.object({
  name: z.string(),
  checkedOut: z.boolean(),
  active: z.string().nullable(),
  /** What a reset to the parent returns to. */
  parent: z.string().nullable(),
  entries: z.array(historyEntrySchema),
});

export const repositoryTreeSchema = z.object({
  folder: z.string(),
  name: z.string(),
  branches: z.array(branchTreeSchema),
  placebo: z.object({ tried: z.number(), promoted: z.number() }),
});

export const reviewedPairSchema = z.object({
  id: z.string(),
  form: z.string(),
  declaration: z.string(),
  path: z.string(),
  writtenBy: z.string(),
  /** As the model was asked, in words; a fill-in-the-middle prompt shows `…` where the answer goes. */
  question: z.string(),
  answer: z.string(),
  struck: z.boolean(),
  /** True: the answer may be edited before retraining. */
  editable: z.boolean(),
});

/** Everything that the review of a commit shows. */
export const reviewSchema = z.object({
  folder: z.string(),
  version: z.string(),
  parent: z.string().nullable(),
  /** The branch that the review is about: what its moves act on, and where `active` is true. */
  branch: z.string(),
  /** The branch whose commits it was made from. */
  learntOn: z.string(),
  active: z.boolean(),
  /** `refused`: why it cannot be retrained; `waiting`: pairs were struck or edited since, so that retraining without further marks changes something. */
  retrain: z.object({ refused: z.string().nullable(), waiting: z.boolean() }),
  commits: z.array(commit),
  verdict: z.object({ promoted: z.boolean(), reason: z.string(), explanation: z.string() }),
  candidate: z.string(),
  recipe: z.array(z.object({ name: z.string(), value: z.string() })),
  pairs: z.array(reviewedPairSchema),
  leftOut: z.array(z.object({ path: z.string(), reason: z.string() })),
  dropped: z.array(z.object({ form: z.string(), text: z.string(), reason: z.string() })),
  /** Per training step of the winner. */
  losses: z.array(z.number()),
  probes: z.object({ count: z.number(), ...interval.shape }),
  tests: z.object({
    informative: z.number(),
    before: z.number(),
    after: z.number(),
    verdict: z.string(),
    note: z.string().nullable(),
    /** Fill-ins per side; null: nothing was compared. */
    trials: z.number().nullable(),
    /** Of the share of passes. */
    change: interval.nullable(),
  }),
  retention: interval.nullable(),
  generalLossChange: z.number().nullable(),
  /** This version and those before it on the branch, oldest first: how well older commits' probes are kept. */
  retentionOverTime: z.array(z.object({ version: z.string(), atMs: z.number(), ...interval.shape })),
  completions: z.array(z.object({ path: z.string(), prompt: z.string(), expected: z.string(), before: z.string(), after: z.string() })),
  secondsByPhase: z.array(z.object({ phase: z.string(), seconds: z.number() })),
  placebo: z.object({ tried: z.boolean(), promoted: z.boolean() }),
  notes: z.array(z.string()),
  switchable: z.boolean(),
});

const folder = z.object({ folder: z.string() });
const inVersion = z.object({ folder: z.string(), version: z.string() });
const done = z.object({ message: z.string() });
/** Commits by id, or all of an author, by the whole address or the whole name. */
const forgetting = z.object({ folder: z.string(), commits: z.array(z.string()).optional(), author: z.string().optional() });

/** Requests of the editor. Those that fail answer with a ResponseError whose message says what to do. */
export const assistantRequests = {
  status: { method: 'graft/getStatus', params: z.object({}), result: statusSchema },
  tree: { method: 'graft/tree', params: z.object({}), result: z.array(repositoryTreeSchema) },
  /** Without a branch: the one that is checked out if the version is in its line, else the one that it was learnt on. */
  review: { method: 'graft/review', params: z.object({ ...inVersion.shape, branch: z.string().optional() }), result: reviewSchema },
  compare: { method: 'graft/compare', params: z.object({ folder: z.string(), a: z.string(), b: z.string() }), result: z.object({ text: z.string() }) },
  log: { method: 'graft/log', params: folder, result: z.object({ text: z.string() }) },
  doctor: { method: 'graft/doctor', params: z.object({ folder: z.string().nullable() }), result: z.object({ text: z.string() }) },
  /** `resume` ends a pause by the user; `cancel` gives up what runs, and the commits count as dealt with until the next one. */
  learn: { method: 'graft/learn', params: z.object({ folder: z.string(), action: z.enum(['now', 'pause', 'resume', 'cancel']) }), result: done },
  /** Makes the version serve its branch: `keep` a rejected one, `switchTo` or `rollBack` to any. */
  activate: { method: 'graft/activate', params: z.object({ folder: z.string(), branch: z.string(), version: z.string(), why: z.enum(['keep', 'rollBack']) }), result: done },
  /** `whatIsLost` is what the confirmation says; nothing is changed. */
  whatResetLoses: { method: 'graft/whatResetLoses', params: z.object({ folder: z.string(), branch: z.string(), to: z.enum(['parent', 'base']) }), result: z.object({ text: z.string(), nothing: z.boolean() }) },
  reset: { method: 'graft/reset', params: z.object({ folder: z.string(), branch: z.string(), to: z.enum(['parent', 'base']) }), result: done },
  /** Learns the version's commits again without the struck pairs and with edited answers. Resolves when the new version is there. A branch that is not the one it was learnt on is refused. */
  retrain: {
    method: 'graft/retrain',
    params: z.object({ ...inVersion.shape, branch: z.string().optional(), strike: z.array(z.string()), restore: z.array(z.string()), edits: z.array(z.object({ pair: z.string(), answer: z.string() })) }),
    result: z.object({ version: z.string().nullable(), promoted: z.boolean(), message: z.string() }),
  },
  /** What the confirmation of `forget` says; nothing is changed. */
  whatForgetTakes: { method: 'graft/whatForgetTakes', params: forgetting, result: z.object({ text: z.string() }) },
  forget: { method: 'graft/forget', params: forgetting, result: done },
  exportVersion: { method: 'graft/export', params: z.object({ ...inVersion.shape, to: z.string() }), result: done },
  importVersion: { method: 'graft/import', params: z.object({ folder: z.string(), from: z.string() }), result: z.object({ version: z.string(), message: z.string() }) },
  models: {
    method: 'graft/models',
    params: z.object({}),
    result: z.array(z.object({ name: z.string(), detail: z.string(), installed: z.boolean(), active: z.boolean() })),
  },
  /** Null folder: no repository; the base model answers. */
  ask: {
    method: 'graft/ask',
    params: z.object({ folder: z.string().nullable(), question: z.string() }),
    result: z.object({ text: z.string(), version: z.string().nullable(), model: z.string(), cut: z.boolean() }),
  },
  /** Which version wrote a suggestion, and which of its pairs are nearest to it. */
  explain: {
    method: 'graft/explain',
    params: z.object({ completion: z.string().nullable() }),
    result: z.object({
      text: z.string(),
      version: z.string().nullable(),
      confidence: z.number(),
      /** `repetition`: copied from open code that repeats itself, and judged by the version. */
      writtenBy: z.enum(['model', 'repetition']),
      pairs: z.array(z.object({ version: z.string(), commit: commit, declaration: z.string(), path: z.string(), similarity: z.number() })),
    }).nullable(),
  },
  feedback: {
    method: 'graft/feedback',
    params: z.object({ action: z.enum(['inspect', 'erase']), folder: z.string().nullable() }),
    result: z.object({ text: z.string() }),
  },
  /** Branches whose versions a branch that was merged into the checked-out one could bring along. */
  mergedBranches: { method: 'graft/mergedBranches', params: folder, result: z.array(z.object({ branch: z.string(), version: z.string() })) },
} as const;

/** Notifications of the editor. */
export const editorNotifications = {
  /** A completion was shown, taken in part (UTF-16 units from its start), or taken whole. Named as Copilot's language server names its own. */
  didShowCompletion: { method: 'graft/didShowCompletion', params: z.object({ completion: z.string() }) },
  didPartiallyAcceptCompletion: { method: 'graft/didPartiallyAcceptCompletion', params: z.object({ completion: z.string(), acceptedLength: z.number() }) },
  didAcceptCompletion: { method: 'graft/didAcceptCompletion', params: z.object({ completion: z.string() }) },
  /** VS Code's git extension saw a commit or checkout before our own watcher may have. */
  repositoryMoved: { method: 'graft/repositoryMoved', params: folder },
  trustGranted: { method: 'graft/trustGranted', params: z.object({}) },
} as const;

/** What the client hands over with `initialize`. */
export const initializationOptionsSchema = z.object({
  installationRoot: z.string(),
  trusted: z.boolean(),
  /** Values of `graft.*`, read by `server/config`; unknown ones are ignored. */
  settings: z.unknown(),
});

/** The command that an accepted item runs; its only argument is the completion's id. */
export const acceptedCommand = 'graft.completionAccepted';

export type Status = z.infer<typeof statusSchema>;
export type RepositoryStatus = z.infer<typeof repositoryStatusSchema>;
export type PauseReason = (typeof pauseReasons)[number];
export type Tell = z.infer<typeof tellSchema>;
export type RepositoryTree = z.infer<typeof repositoryTreeSchema>;
export type BranchTree = z.infer<typeof branchTreeSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type Review = z.infer<typeof reviewSchema>;
export type ReviewedPair = z.infer<typeof reviewedPairSchema>;
export type AssistantRequest = keyof typeof assistantRequests;
export type RequestParams<R extends AssistantRequest> = z.input<(typeof assistantRequests)[R]['params']>;
export type RequestResult<R extends AssistantRequest> = z.output<(typeof assistantRequests)[R]['result']>;
export type InitializationOptions = z.input<typeof initializationOptionsSchema>;
