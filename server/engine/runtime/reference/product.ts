// The one matrix product of the reference executor: out += scale * op(left) · op(right), on row-major blocks inside larger arrays.
import { add, at, type Numbers } from './tensor.ts';

export interface Block {
  readonly data: Numbers;
  readonly offset: number;
  /** The block is stored [columns, rows] and used transposed. */
  readonly transposed?: boolean;
}

/** left [m, k] · right [k, n] is added to out [m, n]; a transposed block is stored the other way round. */
export function addProduct(out: Block, left: Block, right: Block, { m, k, n, scale = 1 }: { m: number; k: number; n: number; scale?: number }): void {
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let inner = 0; inner < k; inner++) {
        const leftIndex = left.transposed === true ? inner * m + row : row * k + inner;
        const rightIndex = right.transposed === true ? column * k + inner : inner * n + column;
        sum += at(left.data, left.offset + leftIndex) * at(right.data, right.offset + rightIndex);
      }
      add(out.data, out.offset + row * n + column, scale * sum);
    }
  }
}
