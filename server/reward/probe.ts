// Probes and spans: items kept out of training for good, and what was measured on them.
import type { Example } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';

/** Candidates are chosen on `select` and judged on `judge`. */
export type Half = 'select' | 'judge';

export interface Probe {
  readonly id: string;
  /** `addedLine`: a line of the commit, asked in the file as it was before. `kept`: a suggestion that was accepted and still stood minutes later. */
  readonly kind: 'assertion' | 'callSite' | 'addedLine' | 'laterLine' | 'quiz' | 'kept';
  readonly example: Example;
  readonly path: string;
  /** Qualified name of the innermost declaration around it; outside of all, a stretch of the file. With the path the cluster of the bootstrap. */
  readonly declaration: string;
  readonly commit: string;
  readonly half: Half;
}

export type Granularity = 'expression' | 'line' | 'block' | 'body';

export interface Span {
  readonly id: string;
  readonly granularity: Granularity;
  readonly path: string;
  readonly range: TextRange;
  /** The masked text as it stands in the tree. */
  readonly original: string;
  readonly example: Example;
  /** Test files whose imports reach the masked code, nearest first. */
  readonly tests: readonly string[];
  readonly half: Half;
  /** Qualified name of the declaration it stands in; its return type guides the wrong literal. */
  readonly declaration: string;
  readonly returnType?: string;
}

/** Whether one place covers a part of the other. */
export function overlap(a: Pick<Span, 'path' | 'range'>, b: Pick<Span, 'path' | 'range'>): boolean {
  return a.path === b.path && a.range.start < b.range.end && b.range.start < a.range.end;
}

/** A probe or span before its file was given a half. */
export type Unassigned<Item extends { readonly half: Half }> = Omit<Item, 'half'>;

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
