// A branch's file: which version serves it and every move that led there. Replacing this file is the commit point of a move.
// One line of versions per base model, so that trying another model and coming back loses nothing.

export interface BranchRecord {
  readonly format: 1;
  readonly branch: string;
  readonly creation: BranchCreation;
  readonly lines: Readonly<Record<string, Line>>;
}

/** Tells a branch from another one made later under its name. */
export interface BranchCreation {
  /** Where the branch stood when git made it, and when; null where the reflog does not say. */
  readonly commit: string | null;
  readonly timeSeconds: number | null;
}

/** The branch's versions on one base model. */
export interface Line {
  /** Null: the base model serves. */
  readonly active: string | null;
  /** What a reset to the parent returns to. */
  readonly parent: string | null;
  /** The last commit that a cycle dealt with, whatever its verdict; null: none yet. */
  readonly learntUpTo: string | null;
  readonly history: readonly Move[];
}

export type MoveKind =
  | 'create'
  | 'promote'
  | 'reject'
  | 'skip'
  | 'keep'
  | 'rollBack'
  | 'reset'
  | 'fallBack'
  | 'forget'
  | 'rewritten';

export interface Move {
  readonly kind: MoveKind;
  readonly atMs: number;
  /** Active version before and after. */
  readonly from: string | null;
  readonly to: string | null;
  /** The version that the move is about where it did not become active: a rejected candidate's, one set aside. */
  readonly about?: string;
  /** `learntUpTo` after the move. */
  readonly head: string | null;
  readonly reason?: string;
  readonly commits?: readonly string[];
  /** Patch ids of `commits`, so that the range is known again after history was rewritten. */
  readonly patchIds?: readonly string[];
}

export const emptyLine: Line = { active: null, parent: null, learntUpTo: null, history: [] };

/** Patch-ids of all that cycles have dealt with. */
export function learntPatches({ history }: Line): Set<string> {
  return new Set(history.flatMap(({ patchIds }) => patchIds ?? []));
}

/**
 * Commits that were too little for a cycle of their own, or taught nothing, and stand where the branch did: they wait for the next. Only those that were
 * judged since the line last moved: another version, or a reset, may judge them otherwise.
 */
export function waitingCommits({ history, learntUpTo }: Line): Set<string> {
  const waits = ({ kind, head }: Move): boolean => (kind === 'reject' || kind === 'skip') && head === learntUpTo;
  return new Set(history.slice(history.findLastIndex((move) => !waits(move)) + 1).flatMap(({ commits }) => commits ?? []));
}
