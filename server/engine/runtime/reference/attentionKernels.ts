// CausalAttention and its gradient, one query after another.
import { add, at, dim, type Kernel, type ReferenceTensor } from './tensor.ts';

type Inputs = Parameters<Kernel<'CausalAttention'>>[0];
type Attributes = Parameters<Kernel<'CausalAttention'>>[1];

export const causalAttention: Kernel<'CausalAttention'> = (inputs, attributes, make) => {
  const { q, v } = inputs;
  const [candidates, rows, tokens] = [dim(q, 0), dim(q, 1), dim(q, 2)];
  const { queryHeads, headSize } = attributes;
  const output = make.floats(...q.shape);
  const logSumExp = make.floats(candidates, rows, queryHeads, tokens);
  forEachQuery(inputs, attributes, ({ row, head, query, queryOffset, scores, sum }) => {
    logSumExp.data[(row * queryHeads + head) * tokens + query] = sum;
    for (const [column, score] of scores) {
      const probability = Math.exp(score - sum);
      const value = column.fresh ? { data: v.data, offset: column.offset } : { data: inputs.pastValues?.data ?? v.data, offset: column.offset };
      for (let d = 0; d < headSize; d++) add(output.data, queryOffset + d, probability * at(value.data, value.offset + d));
    }
  });
  return { output, logSumExp };
};

export const causalAttentionGrad: Kernel<'CausalAttentionGrad'> = ({ dOutput, q, k, v, seenUntil, output, logSumExp }, attributes, make) => {
  const { queryHeads, headSize } = attributes;
  const tokens = dim(q, 2);
  const [dQ, dK, dV] = [make.floats(...q.shape), make.floats(...k.shape), make.floats(...v.shape)];
  forEachQuery({ q, k, v, seenUntil }, attributes, ({ row, head, query, queryOffset, scores }) => {
    const sum = at(logSumExp.data, (row * queryHeads + head) * tokens + query);
    let delta = 0;
    for (let d = 0; d < headSize; d++) delta += at(dOutput.data, queryOffset + d) * at(output.data, queryOffset + d);
    for (const [{ offset }, score] of scores) {
      const probability = Math.exp(score - sum);
      let dProbability = 0;
      for (let d = 0; d < headSize; d++) {
        dProbability += at(dOutput.data, queryOffset + d) * at(v.data, offset + d);
        add(dV.data, offset + d, probability * at(dOutput.data, queryOffset + d));
      }
      const dScore = (probability * (dProbability - delta)) / Math.sqrt(headSize);
      for (let d = 0; d < headSize; d++) {
        add(dQ.data, queryOffset + d, dScore * at(k.data, offset + d));
        add(dK.data, offset + d, dScore * at(q.data, queryOffset + d));
      }
    }
  });
  return { dQ, dK, dV };
};

/** Where a visible key lies: in `k` and `v` of this step, or in the past; `offset` is of its head's first element. */
interface Column {
  readonly fresh: boolean;
  readonly offset: number;
}

interface Query {
  /** Among candidates * rows. */
  readonly row: number;
  readonly head: number;
  readonly query: number;
  readonly queryOffset: number;
  readonly scores: readonly (readonly [Column, number])[];
  /** logsumexp of the scores. */
  readonly sum: number;
}

function forEachQuery(inputs: Inputs, { queryHeads, keyHeads, headSize }: Attributes, visit: (query: Query) => void): void {
  const { q, k, pastKeys } = inputs;
  const [rows, tokens] = [dim(q, 0) * dim(q, 1), dim(q, 2)];
  const past = pastKeys === undefined ? 0 : dim(pastKeys, 0);
  const keyWidth = keyHeads * headSize;
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < queryHeads; head++) {
      const keyHead = Math.floor(head / (queryHeads / keyHeads));
      for (let query = 0; query < tokens; query++) {
        const queryOffset = ((row * tokens + query) * queryHeads + head) * headSize;
        const scores: [Column, number][] = [];
        for (let column = 0; column <= past + query; column++) {
          if (!sees(inputs, row, past, query, column)) continue;
          const fresh = column >= past;
          const offset = (fresh ? row * tokens + column - past : column * rows + row) * keyWidth + keyHead * headSize;
          const keys: ReferenceTensor = fresh || pastKeys === undefined ? k : pastKeys;
          let score = 0;
          for (let d = 0; d < headSize; d++) score += at(q.data, queryOffset + d) * at(keys.data, offset + d);
          scores.push([{ fresh, offset }, score / Math.sqrt(headSize)]);
        }
        visit({ row, head, query, queryOffset, scores, sum: logSumExpOf(scores.map(([, score]) => score)) });
      }
    }
  }
}

function sees({ q, seenUntil, starts }: Inputs, row: number, past: number, query: number, column: number): boolean {
  if (column === past + query) return true;
  if (starts !== undefined && column < at(starts.data, row)) return false;
  if (seenUntil === undefined) return true;
  return query < at(seenUntil.data, row * dim(q, 2) + column);
}

export function logSumExpOf(scores: readonly number[]): number {
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
}
