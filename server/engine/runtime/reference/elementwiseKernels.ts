// Operations that treat elements, or pairs of them, alone.
import { at, dim, type Kernel } from './tensor.ts';

export const addition: Kernel<'Add'> = ({ a, b }, _attributes, make) => {
  const output = make.floats(...a.shape);
  for (let index = 0; index < output.data.length; index++) output.data[index] = at(a.data, index) + at(b.data, index);
  return { output };
};

export const swiGlu: Kernel<'SwiGlu'> = ({ gate, up }, _attributes, make) => {
  const output = make.floats(...gate.shape);
  for (let index = 0; index < output.data.length; index++) {
    const g = at(gate.data, index);
    output.data[index] = g * sigmoid(g) * at(up.data, index);
  }
  return { output };
};

export const swiGluGrad: Kernel<'SwiGluGrad'> = ({ dOutput, gate, up }, _attributes, make) => {
  const [dGate, dUp] = [make.floats(...gate.shape), make.floats(...gate.shape)];
  for (let index = 0; index < gate.data.length; index++) {
    const [d, g] = [at(dOutput.data, index), at(gate.data, index)];
    const s = sigmoid(g);
    dUp.data[index] = d * g * s;
    dGate.data[index] = d * at(up.data, index) * s * (1 + g * (1 - s));
  }
  return { dGate, dUp };
};

export const rope: Kernel<'Rope'> = ({ x, positions }, { frequencies, inverse }, make) => {
  const half = frequencies.length;
  const heads = dim(x, -1) / (2 * half);
  const output = make.floats(...x.shape);
  for (let token = 0; token < positions.data.length; token++) {
    for (let head = 0; head < heads; head++) {
      for (const [i, frequency] of frequencies.entries()) {
        const angle = at(positions.data, token) * frequency * (inverse ? -1 : 1);
        const low = (token * heads + head) * 2 * half + i;
        const [lo, hi] = [at(x.data, low), at(x.data, low + half)];
        output.data[low] = lo * Math.cos(angle) - hi * Math.sin(angle);
        output.data[low + half] = hi * Math.cos(angle) + lo * Math.sin(angle);
      }
    }
  }
  return { output };
};

export const cast: Kernel<'Cast'> = ({ x }, { dtype }, make) => {
  if (dtype === 'f32') {
    const output = make.floats(...x.shape);
    output.data.set(x.data);
    return { output };
  }
  if (dtype === 'i32') return { output: { shape: x.shape, data: Int32Array.from(x.data, Math.trunc) } };
  return { output: { shape: x.shape, data: Uint8Array.from(x.data, (element) => (element === 0 ? 0 : 1)) } };
};

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
