// LmHeadLoss and its gradient. Chunking changes no value, so there is none here.
import { addProduct } from './product.ts';
import { logSumExpOf } from './attentionKernels.ts';
import { add, at, dim, type Kernel } from './tensor.ts';

export const lmHeadLoss: Kernel<'LmHeadLoss'> = ({ x, weight, targets, weights }, _attributes, make) => {
  const [candidates, lossRows] = [dim(targets, 0), dim(targets, 1)];
  const [vocabulary, hidden] = [dim(weight, 0), dim(weight, 1)];
  const losses = make.floats(candidates);
  const logProbabilities = make.floats(candidates, lossRows);
  const rowGradients = make.floats(candidates, lossRows, hidden);
  for (let k = 0; k < candidates; k++) {
    let total = 0;
    for (let n = 0; n < lossRows; n++) total += at(weights.data, k * lossRows + n);
    for (let n = 0; n < lossRows; n++) {
      const row = k * lossRows + n;
      const target = at(targets.data, row);
      const logits = make.floats(vocabulary);
      const h = { data: x.data, offset: row * hidden };
      addProduct({ data: logits.data, offset: 0 }, h, { data: weight.data, offset: 0, transposed: true }, { m: 1, k: hidden, n: vocabulary });
      const sum = logSumExpOf([...logits.data]);
      logProbabilities.data[row] = at(logits.data, target) - sum;
      const share = total === 0 ? 0 : at(weights.data, row) / total;
      add(losses.data, k, -share * at(logProbabilities.data, row));
      for (let token = 0; token < vocabulary; token++) {
        const error = Math.exp(at(logits.data, token) - sum) - (token === target ? 1 : 0);
        for (let d = 0; d < hidden; d++) add(rowGradients.data, row * hidden + d, share * error * at(weight.data, token * hidden + d));
      }
    }
  }
  return { losses, logProbabilities, rowGradients };
};

export const lmHeadLossGrad: Kernel<'LmHeadLossGrad'> = ({ dLosses, rowGradients }, _attributes, make) => {
  const dx = make.floats(...rowGradients.shape);
  const perCandidate = dim(rowGradients, 1) * dim(rowGradients, 2);
  for (let index = 0; index < dx.data.length; index++) dx.data[index] = at(dLosses.data, Math.floor(index / perCandidate)) * at(rowGradients.data, index);
  return { dx };
};
