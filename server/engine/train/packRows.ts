// Lays sequences of several candidates out as one batch [K, S, T]: first-fit into rows, segments numbered within a row. T is chosen to waste
// least: short sequences in short rows cost neither padding nor attention over one another. Used by training and by scoring.
import { assert, present } from '../../base/assert.ts';
import type { Tensors } from '../runtime/runtime.ts';

export interface Sequence {
  readonly ids: Int32Array;
  /** Tokens from this index on are predicted (and have loss); at least 1, since nothing predicts the first token. */
  readonly lossStart: number;
  /** A token that is asked for too wherever one is predicted; its loss rows follow the sequence's own, as many again. */
  readonly also?: number;
}

export interface PackedBatch {
  /** tokens, positions, segments [K, S, T]; rows, targets, weights [K, N]. */
  readonly inputs: Tensors;
  readonly shape: { readonly candidates: number; readonly rows: number; readonly tokens: number; readonly lossRows: number };
  /** For each candidate and each of its sequences: where its loss rows begin in [0, N). */
  readonly lossOffsets: readonly (readonly number[])[];
}

/** Rows are no longer than this unless one sequence is: attention is quadratic in the row, and half of a long packed row is masked anyway. */
export const rowTokens = 512;

/** Row lengths come from this list, loss rows are rounded up: onnxruntime's arena keeps memory for every new shape. */
const rowLengths = Array.from({ length: rowTokens / 16 }, (_, index) => 16 * (index + 1));
const lossRowMultiple = 16;
/** At this row length attention takes as long as the rest (measured with a hidden size of 384). */
const attentionTokens = 768;

export function packRows(candidates: readonly (readonly Sequence[])[]): PackedBatch {
  assert(candidates.length > 0 && candidates.every((sequences) => sequences.length > 0), 'every candidate has sequences');
  const tokens = bestRowLength(candidates);
  const placed = candidates.map((sequences) => firstFit(sequences, tokens));
  const rows = Math.max(...placed.map(({ nRows }) => nRows));
  const lossRows = roundUp(Math.max(...candidates.map(lossTokens)), lossRowMultiple);
  const [k, grid] = [candidates.length, rows * tokens];
  const ids = new Int32Array(k * grid);
  const positions = new Int32Array(k * grid);
  // Padding is a segment of its own.
  const segments = new Int32Array(k * grid).fill(-1);
  const lossAt = new Int32Array(k * lossRows);
  const targets = new Int32Array(k * lossRows);
  const weights = new Float32Array(k * lossRows);

  const lossOffsets = placed.map(({ places }, candidate) => {
    let next = 0;
    return present(candidates[candidate]).map((sequence, index) => {
      const { row, column, segment } = present(places[index]);
      const start = row * tokens + column;
      const { length } = sequence.ids;
      ids.set(sequence.ids, candidate * grid + start);
      for (let t = 0; t < length; t++) positions[candidate * grid + start + t] = t;
      segments.fill(segment, candidate * grid + start, candidate * grid + start + length);
      const offset = next;
      const ask = (targetAt: (t: number) => number): void => {
        for (let t = sequence.lossStart; t < length; t++, next++) {
          lossAt[candidate * lossRows + next] = start + t - 1;
          targets[candidate * lossRows + next] = targetAt(t);
          weights[candidate * lossRows + next] = 1;
        }
      };
      ask((t) => present(sequence.ids[t]));
      const { also } = sequence;
      if (also !== undefined) ask(() => also);
      return offset;
    });
  });

  const gridShape = [k, rows, tokens];
  const lossShape = [k, lossRows];
  return {
    inputs: {
      tokens: { dtype: 'i32', shape: gridShape, data: ids },
      positions: { dtype: 'i32', shape: gridShape, data: positions },
      segments: { dtype: 'i32', shape: gridShape, data: segments },
      rows: { dtype: 'i32', shape: lossShape, data: lossAt },
      targets: { dtype: 'i32', shape: lossShape, data: targets },
      weights: { dtype: 'f32', shape: lossShape, data: weights },
    },
    shape: { candidates: k, rows, tokens, lossRows },
    lossOffsets,
  };
}

/** Loss tokens of one candidate. */
function lossTokens(sequences: readonly Sequence[]): number {
  return sequences.reduce((sum, { ids, lossStart, also }) => {
    assert(lossStart >= 1 && lossStart <= ids.length, `loss from token ${lossStart} of ${ids.length}`);
    return sum + (ids.length - lossStart) * (also === undefined ? 1 : 2);
  }, 0);
}

/** The length with the least work in the whole batch: tokens, padding included, and a share for attention that grows with the row. */
function bestRowLength(candidates: readonly (readonly Sequence[])[]): number {
  const longest = Math.max(...candidates.flat().map(({ ids }) => ids.length));
  const fitting = rowLengths.filter((length) => length >= longest);
  if (fitting.length === 0) return roundUp(longest, 64);
  const rowsOf = (length: number): number => Math.max(...candidates.map((sequences) => firstFit(sequences, length).nRows));
  const cost = (length: number): number => length * rowsOf(length) * (1 + length / attentionTokens);
  return fitting.reduce((best, length) => (cost(length) < cost(best) ? length : best));
}

interface Place {
  readonly row: number;
  readonly column: number;
  readonly segment: number;
}

/** First-fit, longest first; equal lengths keep their order, so the layout is a function of the sequences. */
function firstFit(sequences: readonly Sequence[], tokens: number): { places: Place[]; nRows: number } {
  const used: { tokens: number; segments: number }[] = [];
  const places: Place[] = new Array(sequences.length);
  const order = sequences.map(({ ids }, index) => ({ length: ids.length, index })).sort((a, b) => b.length - a.length || a.index - b.index);
  for (const { length, index } of order) {
    let row = used.findIndex((candidate) => candidate.tokens + length <= tokens);
    if (row === -1) row = used.push({ tokens: 0, segments: 0 }) - 1;
    const at = present(used[row]);
    places[index] = { row, column: at.tokens, segment: at.segments };
    at.tokens += length;
    at.segments++;
  }
  return { places, nRows: used.length };
}

function roundUp(value: number, multiple: number): number {
  return Math.max(multiple, Math.ceil(value / multiple) * multiple);
}
