// LoraLinear and its gradient, one candidate after another.
import { assert } from '../../../base/assert.ts';
import { addProduct } from './product.ts';
import { add, at, dim, rowsOf, type Kernel, type ReferenceTensor } from './tensor.ts';

export const loraLinear: Kernel<'LoraLinear'> = ({ x, weight, bias, a, b, scale }, _attributes, make) => {
  const [out, into] = [dim(weight, 0), dim(weight, 1)];
  const candidates = dim(x, 0);
  const rows = rowsOf(x) / candidates;
  const output = make.floats(...x.shape.slice(0, -1), out);
  const rank = a === undefined ? 0 : dim(a, 2);
  const down = make.floats(...x.shape.slice(0, -1), rank);
  for (let k = 0; k < candidates; k++) {
    const xBlock = { data: x.data, offset: k * rows * into };
    const outBlock = { data: output.data, offset: k * rows * out };
    const downBlock = { data: down.data, offset: k * rows * rank };
    addProduct(outBlock, xBlock, { data: weight.data, offset: 0, transposed: true }, { m: rows, k: into, n: out });
    if (a !== undefined && b !== undefined && scale !== undefined) {
      addProduct(downBlock, xBlock, { data: a.data, offset: k * into * rank }, { m: rows, k: into, n: rank });
      addProduct(outBlock, downBlock, { data: b.data, offset: k * rank * out }, { m: rows, k: rank, n: out, scale: at(scale.data, k) });
    }
  }
  if (bias !== undefined) for (let index = 0; index < output.data.length; index++) add(output.data, index, at(bias.data, index % out));
  return { output, down: a === undefined ? undefined : down };
};

export const loraLinearGrad: Kernel<'LoraLinearGrad'> = ({ dOutput, x, weight, a, b, scale, down }, _attributes, make) => {
  const [out, into] = [dim(weight, 0), dim(weight, 1)];
  const candidates = dim(x, 0);
  const rows = rowsOf(x) / candidates;
  const dx = make.floats(...x.shape);
  for (let k = 0; k < candidates; k++) {
    const dOut = { data: dOutput.data, offset: k * rows * out };
    addProduct({ data: dx.data, offset: k * rows * into }, dOut, { data: weight.data, offset: 0 }, { m: rows, k: out, n: into });
  }
  if (a === undefined) return { dx };
  assert(b !== undefined && scale !== undefined && down !== undefined, 'a, b, scale and down come together');
  const rank = dim(a, 2);
  const [dA, dB] = [make.floats(...a.shape), make.floats(...b.shape)];
  for (let k = 0; k < candidates; k++) {
    const dOut = { data: dOutput.data, offset: k * rows * out };
    const xBlock = { data: x.data, offset: k * rows * into };
    const s = at(scale.data, k);
    const v = make.floats(rows, rank);
    const vBlock = { data: v.data, offset: 0 };
    addProduct(vBlock, dOut, transposed(b, k * rank * out), { m: rows, k: out, n: rank, scale: s });
    addProduct({ data: dA.data, offset: k * into * rank }, { ...xBlock, transposed: true }, vBlock, { m: into, k: rows, n: rank });
    addProduct({ data: dB.data, offset: k * rank * out }, transposed(down, k * rows * rank), dOut, { m: rank, k: rows, n: out, scale: s });
    addProduct({ data: dx.data, offset: k * rows * into }, vBlock, transposed(a, k * into * rank), { m: rows, k: rank, n: into });
  }
  return { dx, dA, dB };
};

function transposed(tensor: ReferenceTensor, offset: number): { data: ReferenceTensor['data']; offset: number; transposed: true } {
  return { data: tensor.data, offset, transposed: true };
}
