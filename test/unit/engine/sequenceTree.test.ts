// Which sequences share a row, and that in a tree every token sees exactly its own sequence up to itself.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { packRows } from '../../../server/engine/train/packRows.ts';
import { alone, growTrees, type Sequence, type SequenceTree } from '../../../server/engine/train/sequenceTree.ts';

const sequence = (...ids: number[]): Sequence => ({ ids: Int32Array.from(ids), lossStart: 1 });
const run = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);

/** The tokens that the last token of each branch sees, in order. */
function seen({ ids, seenUntil, branches }: SequenceTree): number[][] {
  return branches.map(({ columns }) => {
    const last = columns.at(-1) ?? -1;
    return [...ids.subarray(0, last + 1)].filter((_, column) => last < (seenUntil[column] ?? 0));
  });
}

describe('growTrees', () => {
  it('computes once what sequences begin with, at any depth', () => {
    const common = run(0, 60);
    const sequences = [sequence(...common, 7, 8, 9), sequence(...common, 7, 8, 1, 2), sequence(...common, 5), sequence(...common), sequence(...common, 5)];
    const [tree, ...others] = growTrees(sequences);
    expect(others).toEqual([]);
    expect(tree?.ids).toHaveLength(60 + 1 + 2 + 2 + 1);
    expect(tree && seen(tree)).toEqual(tree?.branches.map((branch) => [...branch.sequence.ids]));
    for (const { columns, sequence: { ids } } of tree?.branches ?? []) {
      expect([...columns].map((column) => [tree?.ids[column], tree?.positions[column]])).toEqual([...ids].map((id, position) => [id, position]));
    }
  });

  it('leaves apart what would only lengthen rows', () => {
    const sequences = [sequence(1, 2, ...run(100, 250)), sequence(1, 2, ...run(500, 250))];
    expect(growTrees(sequences).map(({ ids }) => ids.length)).toEqual([252, 252]);
    const long = run(0, 900);
    expect(growTrees([sequence(...long, 1), sequence(...long, 2)])).toHaveLength(2);
  });

  it('holds every sequence once, whatever they share', () => {
    const random = new Random(3);
    const sequences = Array.from({ length: 60 }, () => sequence(...Array.from({ length: 1 + random.int(30) }, () => random.int(2))));
    const trees = growTrees(sequences);
    expect(new Set(trees.flatMap(({ branches }) => branches.map((branch) => branch.sequence)))).toEqual(new Set(sequences));
    for (const tree of trees) expect(seen(tree)).toEqual(tree.branches.map((branch) => [...branch.sequence.ids]));
  });
});

describe('packRows', () => {
  it('puts trees beside each other, unseen by one another and by padding', () => {
    const [tree] = growTrees([sequence(...run(0, 20), 7), sequence(...run(0, 20), 8)]);
    const { inputs, shape, lossOffsets } = packRows([[alone(sequence(...run(50, 6))), ...(tree ? [tree] : [])]]);
    expect(shape).toMatchObject({ rows: 1, tokens: 32 });
    expect([...(inputs['seenUntil']?.data ?? [])]).toEqual([...run(0, 20).map(() => 22), 21, 22, ...run(0, 6).map(() => 28), ...run(0, 4).map(() => 32)]);
    expect(lossOffsets).toEqual([[0, 5, 25]]);
    // Both branches' last tokens are asked of the last token of what they share.
    expect([24, 44].map((row) => inputs['rows']?.data[row])).toEqual([19, 19]);
    expect([24, 44].map((row) => inputs['targets']?.data[row])).toEqual([7, 8]);
  });
});
