// Probes and spans: items kept out of training for good, and what was measured on them.
import type { Example } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';

export interface Probe {
  readonly id: string;
  readonly kind: 'assertion' | 'callSite' | 'laterLine' | 'quiz';
  readonly example: Example;
  /** Cluster of the bootstrap. */
  readonly path: string;
  readonly commit: string;
  /** Candidates are chosen on `select` and judged on `judge`. */
  readonly half: 'select' | 'judge';
}

export interface Span {
  readonly id: string;
  readonly granularity: 'expression' | 'line' | 'block' | 'body';
  readonly path: string;
  readonly range: TextRange;
  /** The masked text as it stands in the tree. */
  readonly original: string;
  readonly example: Example;
  /** Test files whose imports reach the masked code. */
  readonly tests: readonly string[];
  readonly half: 'select' | 'judge';
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
