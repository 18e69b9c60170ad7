// Sequences laid over their common beginnings. Two probes of one file have the code before both in their prompts; in a tree it is computed once: the
// first sequence stands whole, of each further one only what it does not share, and a token sees what is on its own path (tree attention, as in
// SpecInfer, arXiv:2305.09781).
import { present } from '../../base/assert.ts';
import { compareIds, sharedLength } from '../../base/sharedBeginning.ts';
import { rowCost, rowMultiple, rowTokens, roundUp } from './rowCost.ts';

export interface Sequence {
  readonly ids: Int32Array;
  /** Tokens from this index on are predicted (and have loss); at least 1, since nothing predicts the first token. */
  readonly lossStart: number;
  /** A token that is asked for too wherever one is predicted; its loss rows follow the sequence's own, as many again. */
  readonly also?: number;
}

/** All arrays are by column, of which a tree has at least as many as its longest sequence has tokens. */
export interface SequenceTree<Asked extends Sequence = Sequence> {
  readonly ids: Int32Array;
  /** Within the sequence. */
  readonly positions: Int32Array;
  /** The first later column that does not see this one. */
  readonly seenUntil: Int32Array;
  readonly branches: readonly Branch<Asked>[];
}

export interface Branch<Asked extends Sequence> {
  readonly sequence: Asked;
  /** Where each of its tokens stands. */
  readonly columns: Int32Array;
}

/** A tree of one sequence. */
export function alone<Asked extends Sequence>(sequence: Asked): SequenceTree<Asked> {
  return growTree([{ sequence, shared: 0 }]);
}

/** All sequences, in the trees that cost least: sharing saves tokens, but a long row's attention grows with its square. */
export function growTrees<Asked extends Sequence>(sequences: readonly Asked[]): SequenceTree<Asked>[] {
  // In this order each sequence shares most with its neighbour.
  const sorted = sequences.toSorted((a, b) => compareIds(a.ids, b.ids));
  const sprouts = sorted.map((sequence, index) => ({ sequence, shared: index === 0 ? 0 : sharedLength(present(sorted[index - 1]).ids, sequence.ids) }));
  // Of the first n sequences: the least cost, and where the last tree of that begins.
  const best: { readonly cost: number; readonly start: number }[] = [{ cost: 0, start: 0 }];
  for (let end = 1; end <= sprouts.length; end++) {
    let [found, length] = [{ cost: Infinity, start: end - 1 }, 0];
    for (let start = end - 1; start >= 0; start--) {
      // The one that follows in the tree shares with this one instead of standing whole.
      const saved = start === end - 1 ? 0 : present(sprouts[start + 1]).shared;
      length += present(sprouts[start]).sequence.ids.length - saved;
      if (start < end - 1 && (saved === 0 || length > rowTokens)) break;
      const cost = present(best[start]).cost + rowCost(roundUp(length, rowMultiple));
      if (cost < found.cost) found = { cost, start };
    }
    best.push(found);
  }
  const trees: SequenceTree<Asked>[] = [];
  for (let end = sprouts.length; end > 0; ) {
    const { start } = present(best[end]);
    trees.push(growTree(sprouts.slice(start, end)));
    end = start;
  }
  return trees;
}

interface Sprout<Asked extends Sequence> {
  readonly sequence: Asked;
  /** Tokens at the beginning that the sequence before has too. */
  readonly shared: number;
}

function growTree<Asked extends Sequence>(sprouts: readonly Sprout<Asked>[]): SequenceTree<Asked> {
  const ids: number[] = [];
  const positions: number[] = [];
  const seenUntil: number[] = [];
  /** Columns of the last sequence. */
  let path: number[] = [];
  const endFrom = (depth: number): void => {
    for (const column of path.slice(depth)) seenUntil[column] = ids.length;
  };
  const branches = sprouts.map(({ sequence, shared }, index): Branch<Asked> => {
    const from = index === 0 ? 0 : shared;
    endFrom(from);
    path = path.slice(0, from);
    for (let position = from; position < sequence.ids.length; position++) {
      path.push(ids.length);
      ids.push(present(sequence.ids[position]));
      positions.push(position);
    }
    return { sequence, columns: Int32Array.from(path) };
  });
  endFrom(0);
  return { ids: Int32Array.from(ids), positions: Int32Array.from(positions), seenUntil: Int32Array.from(seenUntil), branches };
}
