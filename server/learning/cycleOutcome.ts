// What a cycle came to. Also what `graft learn` prints; nothing here needs the engine any more.
import type { Manifest, RejectionReason, SkipReason } from '../store/version.ts';
import type { LeftOut } from './collaborators.ts';

export type CycleOutcome =
  | { readonly kind: 'promoted'; readonly version: Manifest; readonly cycle: CycleSummary }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectionReason;
      readonly explanation: string;
      /** The best candidate, kept for review; null where none was trained. */
      readonly version: Manifest | null;
      /** True: these commits wait and are learnt together with the next ones. */
      readonly carriedOver: boolean;
      readonly cycle: CycleSummary;
    }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly cycle: CycleSummary };

export interface CycleSummary {
  readonly branch: string;
  readonly commits: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  readonly surprise: number | null;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}
