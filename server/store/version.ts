// A version: an adapter with its manifest and parent. The manifest is what review and `graft show` read.
import type { Recipe } from '../base/prompt.ts';

export interface IntervalFigure {
  readonly gain: number;
  /** Null: unbounded (all items lie in one file, so nothing tells how files differ). */
  readonly low: number | null;
  readonly high: number | null;
}

/** The outcome of a cycle, a closed union. `promoted` is the only one that moves the active version. */
export type Verdict =
  | { readonly kind: 'promoted' }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason; readonly explanation: string };

export type RejectionReason =
  | 'noGain'
  | 'testsFell'
  | 'forgot'
  | 'generalLoss'
  | 'tooFewProbes'
  | 'tooFewPairs'
  | 'unstable'
  | 'placebo';

export type SkipReason =
  | 'alreadyKnown'
  | 'nothingToLearn'
  | 'allLeftOut'
  | 'authorNotApproved'
  | 'operationInProgress'
  | 'detachedHead'
  | 'noCommits';

export interface RewardRecord {
  /** Δ test passes on informative spans + λ × dense gain; the one number. */
  readonly value: number;
  readonly dense: IntervalFigure;
  readonly probes: number;
  readonly tests: {
    readonly informative: number;
    /** Passes of the active version and of the candidate, over `informative` spans × samples. */
    readonly before: number;
    readonly after: number;
    /** Fill-ins per side, and the change of their pass share with its interval; absent: nothing was compared. */
    readonly trials?: number;
    readonly change?: IntervalFigure;
    readonly verdict: 'better' | 'same' | 'worse' | 'inconclusive' | 'notRunnable';
    readonly note?: string;
  };
  /** Change of the mean log-likelihood on probes of older commits, nats per token; null: no older probes. */
  readonly retention: IntervalFigure | null;
  /** Relative change of the loss on general code; null: not measured. */
  readonly generalLossChange: number | null;
}

export interface Manifest {
  readonly format: 1;
  readonly id: string;
  readonly parent: string | null;
  readonly createdMs: number;
  readonly repository: string;
  readonly branch: string;
  readonly model: { readonly name: string; readonly hash: string };
  readonly engine: string;
  readonly commits: readonly string[];
  /** The last commit of `commits`: what has been learnt when this version serves. */
  readonly head: string;
  /** The version whose weights training started from; null: the base. `parent` is what a roll back returns to. */
  readonly trainedFrom: string | null;
  readonly origin: 'wake' | 'sleep' | 'import' | 'retrain';
  readonly verdict: Verdict;
  /** Which candidate won, and how much of its step was kept (1: all; less, to pass the gates; more, where the choosing half said so). */
  readonly candidate: string;
  readonly share: number;
  /** How much of the way from the base to the adapter was kept after that (1: all; less, to spare general code). */
  readonly shrunkTo: number;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly pairs: { readonly structural: number; readonly model: number; readonly replay: number };
  readonly reward: RewardRecord;
  readonly placebo: { readonly tried: boolean; readonly promoted: boolean };
  readonly seconds: Readonly<Record<string, number>>;
  /** True once the weights were dropped to save space; pairs, probes and figures stay. */
  readonly thinned?: boolean;
  /** SHA-256 per file of the folder, manifest.json excepted. */
  readonly files: Readonly<Record<string, string>>;
}

/** A manifest as the caller knows it; the store fills in the rest. */
export type NewManifest = Omit<Manifest, 'format' | 'id' | 'createdMs' | 'files' | 'thinned'>;

/** One line of pairs.jsonl or probes.jsonl. The store keeps them for their owners and reads only these fields. */
export interface StoredItem {
  readonly id: string;
  readonly commit: string;
  readonly path: string;
  readonly [field: string]: unknown;
}

/** One line of training.jsonl. */
export interface TrainingLine {
  readonly candidate: string;
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
}

/** reward.json: everything else that the review of a commit shows, and what ReST-EM learns from. */
export interface CycleDetails {
  readonly candidates: readonly CandidateRecord[];
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  readonly dropped: readonly { readonly form: string; readonly text: string; readonly reason: string }[];
  readonly completions: readonly {
    readonly path: string;
    readonly prompt: string;
    readonly expected: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly surprise: number | null;
  readonly notes: readonly string[];
}

export interface CandidateRecord {
  readonly name: string;
  readonly recipe: Recipe;
  readonly recipeText?: string;
  readonly pairs: number;
  readonly modelPairs: number;
  /** On the half that chooses, over candidate 0: the reward of ReST-EM; null where it was not measured. */
  readonly gainOverStructural: number | null;
  /** What the editor policy was asked and what it wrote, verbatim. */
  readonly written: readonly { readonly prompt: Readonly<Record<string, unknown>>; readonly text: string }[];
}

export interface VersionContents {
  readonly manifest: Manifest;
  readonly pairs: readonly StoredItem[];
  readonly probes: readonly StoredItem[];
  readonly training: readonly TrainingLine[];
  readonly details: CycleDetails;
}
