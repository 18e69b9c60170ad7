// Lays sequences of several candidates out as one batch [K, S, T]: first-fit into rows, each tree of sequences in one piece. T is chosen to waste
// least: short sequences in short rows cost neither padding nor attention over one another. Used by training and by scoring.
import { assert, present } from '../../base/assert.ts';
import type { Tensors } from '../runtime/runtime.ts';
import { rowCost, rowMultiple, rowTokens, roundUp } from './rowCost.ts';
import type { SequenceTree } from './sequenceTree.ts';

export interface PackedBatch {
  /** tokens, positions, seenUntil [K, S, T]; rows, targets, weights [K, N]. */
  readonly inputs: Tensors;
  readonly shape: { readonly candidates: number; readonly rows: number; readonly tokens: number; readonly lossRows: number };
  /** For each candidate and each of its sequences, tree after tree: where its loss rows begin in [0, N). */
  readonly lossOffsets: readonly (readonly number[])[];
}

/** Row lengths come from this list, loss rows are rounded up. */
const rowLengths = Array.from({ length: rowTokens / rowMultiple }, (_, index) => rowMultiple * (index + 1));
const lossRowMultiple = 16;

export function packRows(candidates: readonly (readonly SequenceTree[])[]): PackedBatch {
  assert(candidates.length > 0 && candidates.every((trees) => trees.length > 0), 'every candidate has sequences');
  const tokens = bestRowLength(candidates);
  const placed = candidates.map((trees) => firstFit(trees, tokens));
  const rows = Math.max(...placed.map(({ nRows }) => nRows));
  const lossRows = roundUp(Math.max(...candidates.map(lossTokens)), lossRowMultiple);
  const [k, grid] = [candidates.length, rows * tokens];
  const ids = new Int32Array(k * grid);
  const positions = new Int32Array(k * grid);
  // Padding sees padding alone.
  const seenUntil = new Int32Array(k * grid).fill(tokens);
  const lossAt = new Int32Array(k * lossRows);
  const targets = new Int32Array(k * lossRows);
  const weights = new Float32Array(k * lossRows);

  const lossOffsets = placed.map(({ places }, candidate) => {
    let next = candidate * lossRows;
    return present(candidates[candidate]).flatMap((tree, index) => {
      const { row, column } = present(places[index]);
      const start = row * tokens + column;
      const at = candidate * grid + start;
      ids.set(tree.ids, at);
      positions.set(tree.positions, at);
      seenUntil.set(tree.seenUntil.map((end) => column + end), at);
      return tree.branches.map(({ sequence, columns }) => {
        const offset = next - candidate * lossRows;
        const ask = (targetAt: (t: number) => number): void => {
          for (let t = sequence.lossStart; t < columns.length; t++, next++) {
            lossAt[next] = start + present(columns[t - 1]);
            targets[next] = targetAt(t);
            weights[next] = 1;
          }
        };
        ask((t) => present(sequence.ids[t]));
        const { also } = sequence;
        if (also !== undefined) ask(() => also);
        return offset;
      });
    });
  });

  const gridShape = [k, rows, tokens];
  const lossShape = [k, lossRows];
  return {
    inputs: {
      tokens: { dtype: 'i32', shape: gridShape, data: ids },
      positions: { dtype: 'i32', shape: gridShape, data: positions },
      seenUntil: { dtype: 'i32', shape: gridShape, data: seenUntil },
      rows: { dtype: 'i32', shape: lossShape, data: lossAt },
      targets: { dtype: 'i32', shape: lossShape, data: targets },
      weights: { dtype: 'f32', shape: lossShape, data: weights },
    },
    shape: { candidates: k, rows, tokens, lossRows },
    lossOffsets,
  };
}

/** Loss tokens of one candidate. */
function lossTokens(trees: readonly SequenceTree[]): number {
  const sequences = trees.flatMap(({ branches }) => branches.map(({ sequence }) => sequence));
  return sequences.reduce((sum, { ids, lossStart, also }) => {
    assert(lossStart >= 1 && lossStart <= ids.length, `loss from token ${lossStart} of ${ids.length}`);
    return sum + (ids.length - lossStart) * (also === undefined ? 1 : 2);
  }, 0);
}

/** The length with the least work in the whole batch, padding included. */
function bestRowLength(candidates: readonly (readonly SequenceTree[])[]): number {
  const longest = Math.max(...candidates.flat().map(({ ids }) => ids.length));
  const fitting = rowLengths.filter((length) => length >= longest);
  if (fitting.length === 0) return roundUp(longest, 64);
  const rowsOf = (length: number): number => Math.max(...candidates.map((trees) => firstFit(trees, length).nRows));
  const cost = (length: number): number => rowsOf(length) * rowCost(length);
  return fitting.reduce((best, length) => (cost(length) < cost(best) ? length : best));
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** First-fit, longest first; equal lengths keep their order, so the layout is a function of the trees. */
function firstFit(trees: readonly SequenceTree[], tokens: number): { places: Place[]; nRows: number } {
  const used: number[] = [];
  const places: Place[] = new Array(trees.length);
  const order = trees.map(({ ids }, index) => ({ length: ids.length, index })).sort((a, b) => b.length - a.length || a.index - b.index);
  for (const { length, index } of order) {
    let row = used.findIndex((taken) => taken + length <= tokens);
    if (row === -1) row = used.push(0) - 1;
    const column = present(used[row]);
    places[index] = { row, column };
    used[row] = column + length;
  }
  return { places, nRows: used.length };
}
