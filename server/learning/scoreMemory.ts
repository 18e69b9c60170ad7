// What versions scored on which items, for the life of a process: the version that is promoted now is the baseline of the next cycle, and the
// base model's scores on general code never change. Invariant: only whole versions and the base are remembered, never candidates in between.
import type { LogLikelihoods } from '../reward/denseGain.ts';

/** Versions that are remembered besides the base: the active ones of a few branches. */
const versionsKept = 4;

export class ScoreMemory {
  private readonly base = new Map<string, number>();
  private readonly byVersion = new Map<string, Map<string, number>>();

  /** Null is the base model. */
  of(version: string | null): LogLikelihoods {
    return version === null ? this.base : (this.byVersion.get(version) ?? new Map());
  }

  remember(version: string | null, scores: LogLikelihoods): void {
    const into = version === null ? this.base : (this.byVersion.get(version) ?? new Map<string, number>());
    for (const [id, score] of scores) into.set(id, score);
    if (version === null) return;
    // Used last, dropped last.
    this.byVersion.delete(version);
    this.byVersion.set(version, into);
    const oldest = this.byVersion.keys().next();
    if (this.byVersion.size > versionsKept && !oldest.done) this.byVersion.delete(oldest.value);
  }
}
