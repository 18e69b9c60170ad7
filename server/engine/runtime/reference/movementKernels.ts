// Operations that pick and move elements: embedding, the adapter buffer, the cache, chosen rows, the last token, the best tokens.
import { logSumExpOf } from './attentionKernels.ts';
import { add, at, dim, rowsOf, type Kernel, type ReferenceTensor } from './tensor.ts';

export const embedding: Kernel<'Embedding'> = ({ tokens, table }, _attributes, make) => {
  const width = dim(table, 1);
  const output = make.floats(...tokens.shape, width);
  for (let index = 0; index < output.data.length; index++) {
    output.data[index] = at(table.data, at(tokens.data, Math.floor(index / width)) * width + (index % width));
  }
  return { output };
};

export const adapterSplit: Kernel<'AdapterSplit'> = ({ flat }, { slots }, make) => {
  const [candidates, size] = [dim(flat, 0), dim(flat, 1)];
  const parts: Record<string, ReferenceTensor> = {};
  for (const { name, offset, rows, columns } of slots) {
    const part = make.floats(candidates, rows, columns);
    for (let k = 0; k < candidates; k++) part.data.set(flat.data.subarray(k * size + offset, k * size + offset + rows * columns), k * rows * columns);
    parts[name] = part;
  }
  return parts;
};

export const adapterJoin: Kernel<'AdapterJoin'> = (parts, { slots }, make) => {
  const size = slots.reduce((sum, slot) => sum + slot.rows * slot.columns, 0);
  const candidates = Math.max(...Object.values(parts).map((part) => dim(part, 0)));
  const flat = make.floats(candidates, size);
  for (const { name, offset, rows, columns } of slots) {
    const part = parts[name];
    if (part === undefined) continue;
    for (let k = 0; k < candidates; k++) {
      flat.data.set(part.data.subarray(k * rows * columns, (k + 1) * rows * columns), k * size + offset);
    }
  }
  return { flat };
};

export const kvAppend: Kernel<'KvAppend'> = ({ fresh }, _attributes, make) => {
  const [candidates, rows, tokens, width] = [dim(fresh, 0), dim(fresh, 1), dim(fresh, 2), dim(fresh, 3)];
  const delta = make.floats(tokens, candidates, rows, width);
  for (let row = 0; row < candidates * rows; row++) {
    for (let token = 0; token < tokens; token++) {
      const source = (row * tokens + token) * width;
      delta.data.set(fresh.data.subarray(source, source + width), (token * candidates * rows + row) * width);
    }
  }
  return { delta };
};

export const takeRows: Kernel<'TakeRows'> = ({ x, rows }, _attributes, make) => {
  const [candidates, taken, width] = [dim(rows, 0), dim(rows, 1), dim(x, 3)];
  const output = make.floats(candidates, taken, width);
  for (let row = 0; row < candidates * taken; row++) {
    const source = sourceRow(x, rows, row) * width;
    output.data.set(x.data.subarray(source, source + width), row * width);
  }
  return { output };
};

export const takeRowsGrad: Kernel<'TakeRowsGrad'> = ({ dOutput, rows, x }, _attributes, make) => {
  const [candidates, taken, width] = [dim(rows, 0), dim(rows, 1), dim(x, 3)];
  const dx = make.floats(...x.shape);
  for (let row = 0; row < candidates * taken; row++) {
    for (let d = 0; d < width; d++) add(dx.data, sourceRow(x, rows, row) * width + d, at(dOutput.data, row * width + d));
  }
  return { dx };
};

/** Where, among all rows of x, the given one of the taken rows comes from. */
function sourceRow(x: ReferenceTensor, rows: ReferenceTensor, row: number): number {
  return Math.floor(row / dim(rows, 1)) * dim(x, 1) * dim(x, 2) + at(rows.data, row);
}

export const lastToken: Kernel<'LastToken'> = ({ x }, _attributes, make) => {
  const [candidates, rows, tokens, width] = [dim(x, 0), dim(x, 1), dim(x, 2), dim(x, 3)];
  const output = make.floats(candidates, rows, width);
  for (let row = 0; row < candidates * rows; row++) {
    const source = (row * tokens + tokens - 1) * width;
    output.data.set(x.data.subarray(source, source + width), row * width);
  }
  return { output };
};

export const topK: Kernel<'TopK'> = ({ x }, { count }, make) => {
  const width = dim(x, -1);
  const leading = x.shape.slice(0, -1);
  const [values, indices, logSumExp] = [make.floats(...leading, count), make.integers(...leading, count), make.floats(...leading)];
  for (let row = 0; row < rowsOf(x); row++) {
    const all = Array.from(x.data.subarray(row * width, (row + 1) * width));
    logSumExp.data[row] = logSumExpOf(all);
    // Array sort is stable, so the lower index wins among equals.
    const best = all.map((value, index) => ({ value, index })).sort((left, right) => right.value - left.value);
    for (const [place, { value, index }] of best.slice(0, count).entries()) {
      values.data[row * count + place] = value;
      indices.data[row * count + place] = index;
    }
  }
  return { values, indices, logSumExp };
};
