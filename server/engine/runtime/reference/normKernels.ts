// RmsNorm and its gradient. A group is as long as the weight; the last dimension holds one or more of them.
import { at, dim, type Kernel } from './tensor.ts';

export const rmsNorm: Kernel<'RmsNorm'> = ({ x, weight, residual }, { epsilon }, make) => {
  const size = dim(weight, 0);
  const groups = x.data.length / size;
  const [normed, sum] = [make.floats(...x.shape), make.floats(...x.shape)];
  const inverseRms = make.floats(...x.shape.slice(0, -1), dim(x, -1) / size);
  for (let group = 0; group < groups; group++) {
    let squares = 0;
    for (let d = 0; d < size; d++) {
      const index = group * size + d;
      sum.data[index] = at(x.data, index) + (residual === undefined ? 0 : at(residual.data, index));
      squares += at(sum.data, index) ** 2;
    }
    const inverse = 1 / Math.sqrt(squares / size + epsilon);
    inverseRms.data[group] = inverse;
    for (let d = 0; d < size; d++) normed.data[group * size + d] = at(sum.data, group * size + d) * inverse * at(weight.data, d);
  }
  return { normed, sum, inverseRms };
};

export const rmsNormGrad: Kernel<'RmsNormGrad'> = ({ dNormed, dSum, x, weight, inverseRms }, _attributes, make) => {
  const size = dim(weight, 0);
  const dx = make.floats(...x.shape);
  for (let group = 0; group < x.data.length / size; group++) {
    const inverse = at(inverseRms.data, group);
    let mean = 0;
    for (let d = 0; d < size; d++) mean += (at(dNormed.data, group * size + d) * at(weight.data, d) * at(x.data, group * size + d)) / size;
    for (let d = 0; d < size; d++) {
      const index = group * size + d;
      const g = at(dNormed.data, index) * at(weight.data, d);
      dx.data[index] = inverse * (g - at(x.data, index) * inverse ** 2 * mean) + (dSum === undefined ? 0 : at(dSum.data, index));
    }
  }
  return { dx };
};
