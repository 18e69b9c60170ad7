// What a replay found, as plain data: `summary` is the contract of `--json`, the rest feeds the report.
import type { Interval } from '../reward/probe.ts';
import type { RejectionReason, RewardRecord, SkipReason, TrainingLine } from '../store/version.ts';

export interface ReplaySummary {
  readonly repository: string;
  readonly commits: number;
  readonly versions: readonly JudgedRow[];
  readonly placebo: { readonly tried: number; readonly promoted: number };
  readonly nextCommit: NextCommitFigures;
  readonly seconds: number;
}

export interface VersionRow {
  readonly commit: string;
  /** Null: nothing was recorded for the commit (skipped). */
  readonly id: string | null;
  readonly promoted: boolean;
  /** Why not promoted, of a closed union; 'promoted' otherwise. */
  readonly reason: RejectionReason | SkipReason | 'promoted';
  /** The same in words, with figures; null where there is no more to say. */
  readonly explanation: string | null;
  /** The commit is learnt together with the next ones. */
  readonly waits: boolean;
  readonly pairs: number;
  readonly modelWrittenPairs: number;
  /** Of the step from the version before to what training made: 2 went twice as far, a half was taken where the whole did harm. Null: nothing was made. */
  readonly share: number | null;
  readonly seconds: number;
  readonly reward: RewardRecord | null;
}

export interface JudgedRow extends VersionRow {
  /** Mean gain of what this cycle made on the lines of the commit after it, over the version before it; null: nothing was made, or there were no lines. */
  readonly next: { readonly items: number; readonly gain: number } | null;
}

/** The three models that are compared on the same items. */
export interface Compared<T> {
  readonly base: T;
  readonly adapted: T;
  /** An adapter trained in the same way, on another repository. */
  readonly otherRepository: T;
}

export interface NextCommitFigures extends GainsByVerdict {
  readonly items: number;
  /** Shares of items, 0 to 1. */
  readonly exactMatch: Compared<number>;
  readonly editSimilarity: Compared<number>;
  /** Nats per token, mean over items, and the paired gains with 90 % intervals clustered by commit and file. */
  readonly logLikelihood: Compared<number> & {
    readonly gain: number;
    readonly gainLow: number;
    readonly gainHigh: number;
    readonly gainOverOther: number;
    readonly gainOverOtherLow: number;
    readonly gainOverOtherHigh: number;
  };
  /** The same on the items of the three commits after the cycle, the next one among them. */
  readonly nextThree: GainsByVerdict;
}

/** Gain on items of commits after a cycle (the next one, where nothing else is said) of the version or candidate that it made, over the version before it. */
export interface GainsByVerdict {
  readonly promotedGain: FreshGain;
  readonly rejectedGain: FreshGain;
  /** Promoted minus rejected, clustered by cycle; null: one of them was not measured. */
  readonly promotedOverRejected: Interval | null;
}

export interface FreshGain {
  readonly cycles: number;
  readonly items: number;
  /** Null: no such cycle had fresh items. */
  readonly gain: Interval | null;
}

export interface Replay {
  readonly summary: ReplaySummary;
  readonly steps: readonly ReplayStep[];
  readonly notes: readonly string[];
}

export interface ReplayStep {
  readonly branch: string;
  readonly commit: string;
  readonly subject: string;
  readonly row: VersionRow;
  readonly training: readonly TrainingLine[];
  readonly candidate: string;
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  readonly pairs: readonly { readonly form: string; readonly declaration: string; readonly writtenBy: string; readonly answer: string }[];
  readonly phases: Readonly<Record<string, number>>;
  /** Measured before this commit was learnt; the adapted model is the version of the commit before. */
  readonly items: readonly ReplayItem[];
}

export interface ReplayItem {
  readonly id: string;
  readonly path: string;
  readonly typed: string;
  readonly answer: string;
  readonly logLikelihood: Compared<number>;
  readonly exact: Compared<boolean>;
  readonly editSimilarity: Compared<number>;
  readonly completion: Compared<string>;
}
