// Lays examples out as the training and scoring graphs take them: [K, S, T] rows of packed sequences, and the answer rows [K, N]. Plain, for tests
// (and to check the real packer against): examples in order, either first-fit into rows or one to a row.
import type { Tensor } from '../../server/engine/runtime/runtime.ts';

export interface PackableExample {
  readonly ids: readonly number[];
  readonly answerStart: number;
}

export interface PackOptions {
  readonly rowTokens: number;
  readonly layout: 'packed' | 'alone';
}

export type PackedInputs = Record<'tokens' | 'positions' | 'seenUntil' | 'rows' | 'targets' | 'weights', Tensor>;

export function packExamples(candidates: readonly (readonly PackableExample[])[], { rowTokens, layout }: PackOptions): PackedInputs {
  const placed = candidates.map((examples) => placeInRows(examples, { rowTokens, layout }));
  const [K, T] = [candidates.length, rowTokens];
  const S = Math.max(...placed.map((rows) => rows.length));
  const N = Math.max(...candidates.map((examples) => examples.reduce((sum, { ids, answerStart }) => sum + ids.length - answerStart, 0)));
  const tokens = new Int32Array(K * S * T);
  const positions = new Int32Array(K * S * T);
  const seenUntil = new Int32Array(K * S * T).fill(T);
  const rows = new Int32Array(K * N);
  const targets = new Int32Array(K * N);
  const weights = new Float32Array(K * N);
  for (const [k, candidateRows] of placed.entries()) {
    let n = k * N;
    for (const [s, { examples }] of candidateRows.entries()) {
      let t = 0;
      for (const { ids, answerStart } of examples) {
        for (const [position, id] of ids.entries()) {
          const index = (k * S + s) * T + t + position;
          tokens[index] = id;
          positions[index] = position;
          seenUntil[index] = t + ids.length;
          if (position < answerStart) continue;
          rows[n] = s * T + t + position - 1;
          targets[n] = id;
          weights[n++] = 1;
        }
        t += ids.length;
      }
    }
  }
  const integers = (data: Int32Array, shape: number[]): Tensor => ({ dtype: 'i32', shape, data });
  return {
    tokens: integers(tokens, [K, S, T]),
    positions: integers(positions, [K, S, T]),
    seenUntil: integers(seenUntil, [K, S, T]),
    rows: integers(rows, [K, N]),
    targets: integers(targets, [K, N]),
    weights: { dtype: 'f32', shape: [K, N], data: weights },
  };
}

interface Row {
  used: number;
  readonly examples: PackableExample[];
}

function placeInRows(examples: readonly PackableExample[], { rowTokens, layout }: PackOptions): Row[] {
  const rows: Row[] = [];
  for (const example of examples) {
    const fitting = layout === 'packed' ? rows.find((row) => row.used + example.ids.length <= rowTokens) : undefined;
    const row = fitting ?? { used: 0, examples: [] };
    if (fitting === undefined) rows.push(row);
    row.examples.push(example);
    row.used += example.ids.length;
  }
  return rows;
}
