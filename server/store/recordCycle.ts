// The one atomic step that ends a cycle: version folders first, then the branch file, which is the commit point.
// A process killed in between leaves folders that nothing names; garbage collection takes them.
import { lineOf, newBranchRecord, readBranch, replaceBranch, withMove } from './branchFile.ts';
import type { BranchCreation, Line } from './branchRecord.ts';
import { StoreError } from './errors.ts';
import { appendJournal } from './journal.ts';
import { whileWriting, type StoreAccess } from './storeAccess.ts';
import type { Manifest, SkipReason } from './version.ts';
import { writeVersion, type NewVersion } from './versionFolder.ts';

export interface CycleRecord {
  readonly branch: string;
  readonly creation: BranchCreation;
  readonly modelHash: string;
  /**
   * The active version that the cycle started from, and how many moves had led there (absent: not compared); if the branch has moved since, nothing is
   * recorded (`moved`). A reset from the base model to the base model, to learn again, shows in the moves alone.
   */
  readonly expected: { readonly active: string | null; readonly moves?: number };
  readonly commits: readonly string[];
  readonly patchIds: readonly string[];
  /** The last commit dealt with; null: still none. */
  readonly head: string | null;
  readonly seconds: Readonly<Record<string, number>>;
  readonly placebo?: { readonly tried: boolean; readonly promoted: boolean };
  readonly outcome:
    | { readonly kind: 'promoted'; readonly version: NewVersion; readonly rejected?: NewVersion }
    /** `rejected` absent: no candidate got far enough to have an adapter worth keeping. */
    | { readonly kind: 'rejected'; readonly reason: string; readonly rejected?: NewVersion }
    | { readonly kind: 'skipped'; readonly reason: SkipReason };
  /** Lost while the cycle ran (the learning lock): nothing may be written then. */
  readonly lost?: AbortSignal;
}

export interface Recorded {
  readonly promoted: Manifest | null;
  readonly rejected: Manifest | null;
  readonly line: Line;
}

export async function recordCycle(access: StoreAccess, cycle: CycleRecord): Promise<Recorded> {
  return whileWriting(access, async (stillHeld) => {
    const record = (await readBranch(access, cycle.branch)) ?? newBranchRecord(cycle.branch, cycle.creation);
    const line = lineOf(record, cycle.modelHash);
    const { active, moves = line.history.length } = cycle.expected;
    if (line.active !== active || line.history.length !== moves) {
      throw new StoreError(
        'moved',
        `Branch "${cycle.branch}" was moved to ${line.active ?? 'the base model'} while this cycle ran; its result was dropped. Learn again.`,
        { expected: active, active: line.active },
      );
    }
    const { outcome } = cycle;
    const promoted = outcome.kind === 'promoted' ? await writeVersion(access, outcome.version) : null;
    const rejected = outcome.kind !== 'skipped' && outcome.rejected ? await writeVersion(access, outcome.rejected) : null;

    stillHeld();
    if (cycle.lost?.aborted) throw new StoreError('busy', 'Another process took over learning; the result of this cycle was dropped.');
    const about = promoted ? undefined : rejected?.id;
    const reason = outcome.kind === 'promoted' ? undefined : outcome.reason;
    const next = withMove(record, cycle.modelHash, {
      line: {
        active: promoted?.id ?? line.active,
        // A retrained version stands beside the one it replaces, on the same parent.
        parent: promoted ? promoted.parent : line.parent,
        learntUpTo: cycle.head,
      },
      move: {
        kind: outcome.kind === 'promoted' ? 'promote' : outcome.kind === 'rejected' ? 'reject' : 'skip',
        atMs: access.clock.nowMs(),
        commits: cycle.commits,
        patchIds: cycle.patchIds,
        ...(about === undefined ? {} : { about }),
        ...(reason === undefined ? {} : { reason }),
      },
    });
    await replaceBranch(access, next);

    await appendJournal(access, {
      atMs: access.clock.nowMs(),
      branch: cycle.branch,
      kind: outcome.kind,
      version: promoted?.id ?? rejected?.id ?? null,
      commits: cycle.commits,
      seconds: cycle.seconds,
      ...(reason === undefined ? {} : { reason }),
      ...(cycle.placebo === undefined ? {} : { placebo: cycle.placebo }),
    });
    return { promoted, rejected, line: lineOf(next, cycle.modelHash) };
  });
}
