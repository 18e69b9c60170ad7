// A version: an adapter with its manifest and parent. The manifest is what review and `graft show` read.
import type { Recipe } from '../base/prompt.ts';

export interface IntervalFigure {
  readonly gain: number;
  readonly low: number;
  readonly high: number;
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
  readonly origin: 'wake' | 'sleep' | 'import' | 'retrain';
  readonly verdict: Verdict;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly pairs: { readonly structural: number; readonly model: number; readonly replay: number };
  readonly reward: RewardRecord;
  readonly seconds: Readonly<Record<string, number>>;
  /** SHA-256 per file of the folder, manifest.json excepted. */
  readonly files: Readonly<Record<string, string>>;
}
