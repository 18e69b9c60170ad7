// Clipping, AdamW and learning-rate schedules, each candidate on its own. Written apart from engine/optim, whose loops are tested against these.
import { at, dim, type Kernel } from './tensor.ts';

export const clipByNorm: Kernel<'ClipByNorm'> = ({ gradient, maxNorm }, _attributes, make) => {
  const [candidates, size] = [dim(gradient, 0), dim(gradient, 1)];
  const [clipped, norm] = [make.floats(...gradient.shape), make.floats(candidates)];
  for (let k = 0; k < candidates; k++) {
    let squares = 0;
    for (let p = 0; p < size; p++) squares += at(gradient.data, k * size + p) ** 2;
    norm.data[k] = Math.sqrt(squares);
    const most = at(maxNorm.data, k);
    const factor = most <= 0 ? 1 : Math.min(1, most / (Math.sqrt(squares) + 1e-6));
    for (let p = 0; p < size; p++) clipped.data[k * size + p] = factor * at(gradient.data, k * size + p);
  }
  return { clipped, norm };
};

export const adamW: Kernel<'AdamW'> = (inputs, { beta1, beta2, epsilon }, make) => {
  const { parameter, gradient, firstMoment, secondMoment, learningRate, weightDecay, step } = inputs;
  const [candidates, size] = [dim(parameter, 0), dim(parameter, 1)];
  const [newParameter, newFirstMoment, newSecondMoment] = [make.floats(candidates, size), make.floats(candidates, size), make.floats(candidates, size)];
  for (let index = 0; index < candidates * size; index++) {
    const k = Math.floor(index / size);
    const [g, rate, t] = [at(gradient.data, index), at(learningRate.data, k), at(step.data, k)];
    const m = beta1 * at(firstMoment.data, index) + (1 - beta1) * g;
    const v = beta2 * at(secondMoment.data, index) + (1 - beta2) * g ** 2;
    const decayed = at(parameter.data, index) * (1 - rate * at(weightDecay.data, k));
    newFirstMoment.data[index] = m;
    newSecondMoment.data[index] = v;
    newParameter.data[index] = decayed - ((rate / (1 - beta1 ** t)) * m) / (Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + epsilon);
  }
  return { newParameter, newFirstMoment, newSecondMoment };
};

export const schedule: Kernel<'Schedule'> = ({ step, steps, warmup, peak }, { kind }, make) => {
  const rate = make.floats(dim(peak, 0));
  for (let k = 0; k < rate.data.length; k++) {
    const [now, all, warm, top] = [at(step.data, k), at(steps.data, k), at(warmup.data, k), at(peak.data, k)];
    const done = Math.min(1, (now - 1 - warm) / Math.max(1, all - warm));
    const factors = { cosine: (1 + Math.cos(Math.PI * done)) / 2, linear: 1 - done, constant: 1 };
    rate.data[k] = top * (now <= warm ? now / warm : factors[kind]);
  }
  return { rate };
};
