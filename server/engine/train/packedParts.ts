// One step of K candidates in one run, or in two where their lengths differ: all rows of a run are as long as its longest, so a candidate with a short
// step beside one with a long step would be mostly padding.
import { packRows, type PackedBatch } from './packRows.ts';
import { alone, type Sequence } from './sequenceTree.ts';

export interface PackedPart {
  /** Candidates [first, end). */
  readonly first: number;
  readonly end: number;
  readonly packed: PackedBatch;
}

/** What one more run costs beside its rows, in tokens. */
const runTokens = 64;

/** `steps`: what each candidate trains on. Candidates stay in their order, so a part is one piece of any buffer that holds them all. */
export function packedParts(steps: readonly (readonly Sequence[])[]): PackedPart[] {
  const trees = steps.map((sequences) => sequences.map(alone));
  const part = (first: number, end: number): PackedPart => ({ first, end, packed: packRows(trees.slice(first, end)) });
  const divided = steps.slice(1).map((_, index) => [part(0, index + 1), part(index + 1, steps.length)]);
  return divided.reduce((best, parts) => (tokensOf(parts) < tokensOf(best) ? parts : best), [part(0, steps.length)]);
}

/** Padding included. */
function tokensOf(parts: readonly PackedPart[]): number {
  return parts.reduce((sum, { packed: { shape } }) => sum + shape.candidates * shape.rows * shape.tokens, parts.length * runTokens);
}
