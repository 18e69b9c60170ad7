// What the wake and sleep cycles work with. A composition root supplies the real ones, a test scripted ones.
import type { AdapterHandle } from '../base/prompt.ts';
import type { Clock } from '../base/clock.ts';
import type { Commit } from '../git/commit.ts';
import type { Half, Probe, Span } from '../reward/probe.ts';
import type { TestsComparison } from '../reward/testsVerdict.ts';
import type { ScoredItem } from '../reward/denseGain.ts';
import type { CommitMaterial } from '../selfEdit/commitMaterial.ts';
import type { KeptOut } from '../selfEdit/keptOut.ts';
import type { Pair, SelfEdit } from '../selfEdit/pair.ts';
import type { StoredPair } from '../selfEdit/selectReplay.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { LanguageModel } from './languageModel.ts';
import type { ScoreMemory } from './scoreMemory.ts';

export interface WakeCollaborators {
  readonly model: LanguageModel;
  readonly source: ChangeSource;
  readonly editors: Editors;
  readonly measures: Measures;
  readonly foreign: ForeignCode;
  readonly store: StoreAccess;
  readonly clock: Clock;
  /** Absent: everything is scored anew. */
  readonly scores?: ScoreMemory;
}

/** Commits to be learnt as one. */
export interface LearningRange {
  /** What the first commit is compared with; null: the empty tree. */
  readonly base: string | null;
  /** Oldest first, none missing in between. */
  readonly commits: readonly Commit[];
  /** Among them those whose patch was learnt before under another id (rewritten history): they are passed over. */
  readonly known?: ReadonlySet<string>;
}

export interface LeftOut {
  /** A file, or `commit <id>` for a whole commit. */
  readonly path: string;
  readonly reason: string;
}

/** What the commits did, without the files that may not be learnt from. */
export interface Extracted {
  readonly material: Omit<CommitMaterial, 'keptOut'>;
  readonly leftOut: readonly LeftOut[];
  /** Said where the figures stand: what was cut, capped or skipped. */
  readonly notes: readonly string[];
}

export interface ChangeSource {
  extract(range: LearningRange, signal?: AbortSignal): Promise<Extracted>;
  /** Changed lines as the places where somebody types them, for surprise; held-out code included, since nothing is trained on these. */
  changedLines(material: Omit<CommitMaterial, 'keptOut'>, limit: number): readonly ScoredItem[];
}

export interface Editors {
  /** Candidate 0. */
  structural(material: CommitMaterial, options: { readonly budgetTokens: number; readonly seed: number }): Promise<SelfEdit>;
  /** Candidates 1 to K-1, by base + editor policy. */
  written(
    material: CommitMaterial,
    structural: SelfEdit,
    options: { readonly count: number; readonly policy: AdapterHandle; readonly seed: number; readonly signal?: AbortSignal },
  ): Promise<readonly SelfEdit[]>;
  /** The model's own questions about held-out code: probes for projects whose tests and callers give too few. */
  quiz(
    material: CommitMaterial,
    options: { readonly policy: AdapterHandle; readonly seed: number; readonly halfOf: (path: string) => Half; readonly signal?: AbortSignal },
  ): Promise<readonly Probe[]>;
  /** Older pairs to train beside new ones: still true of the tree, showing no probe of today, balanced over files and ages. */
  replay(material: CommitMaterial, older: readonly StoredPair[], options: { readonly share: number; readonly newTokens: number; readonly seed: number }): readonly Pair[];
  /** Why this pair may not be trained beside these probes and spans; null: it may. */
  leaks(keptOut: KeptOut): (pair: Pick<Pair, 'path' | 'example'>) => string | null;
}

export interface Measures {
  /** Probes and spans from held-out declarations and the callers and tests of what changed. */
  items(material: Omit<CommitMaterial, 'keptOut'>, options: { readonly signal?: AbortSignal }): Promise<{
    readonly probes: readonly Probe[];
    readonly spans: readonly Span[];
    readonly notes: readonly string[];
  }>;
  /** Fills the spans in with both adapters and runs the tests that reach them. */
  compareTests(request: {
    readonly commit: string;
    readonly spans: readonly Span[];
    readonly active: AdapterHandle;
    readonly candidate: string;
    readonly seed: number;
    readonly signal?: AbortSignal;
  }): Promise<TestsOutcome>;
}

export type TestsOutcome =
  | { readonly kind: 'compared'; readonly comparison: TestsComparison; readonly note?: string }
  | { readonly kind: 'notRunnable'; readonly note: string };

/** Code of other repositories: general-code loss is measured on it, placebos are trained on it. */
export interface ForeignCode {
  readonly general: readonly ScoredItem[];
  readonly placeboPairs: readonly Pair[];
}

export interface CyclePhase {
  readonly phase: 'extract' | 'surprise' | 'selfEdits' | 'train' | 'select' | 'secondSeed' | 'judge' | 'tests' | 'gates' | 'record';
  /** Of this phase, where known. */
  readonly share?: number;
}

export interface CycleOptions {
  readonly onProgress?: (progress: CyclePhase) => void;
  readonly signal?: AbortSignal;
}
