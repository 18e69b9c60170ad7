// AdamW over one candidate's flat buffer, in place; the same formula as the AdamW operation. On CPU this loop beats the graph twofold
// (146 ms against 310 ms for 0.5B at K = 4).

export interface AdamWState {
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Steps taken. */
  step: number;
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export function newAdamWState(size: number): AdamWState {
  return { firstMoment: new Float32Array(size), secondMoment: new Float32Array(size), step: 0 };
}

/** The same state for a parameter of another length: cut, or with zeros behind. */
export function resizedState({ firstMoment, secondMoment, step }: AdamWState, size: number): AdamWState {
  const resized = (values: Float32Array): Float32Array => {
    const target = new Float32Array(size);
    target.set(values.subarray(0, size));
    return target;
  };
  return { firstMoment: resized(firstMoment), secondMoment: resized(secondMoment), step };
}

/** Changes `parameter` and `state`; all arrays have one length. */
export function adamWStep(
  parameter: Float32Array,
  gradient: Float32Array,
  state: AdamWState,
  { learningRate, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions,
): void {
  state.step += 1;
  const { firstMoment, secondMoment } = state;
  const stepSize = learningRate / (1 - beta1 ** state.step);
  const inverseCorrection = 1 / Math.sqrt(1 - beta2 ** state.step);
  const kept = 1 - learningRate * weightDecay;
  for (let index = 0; index < parameter.length; index++) {
    const g = gradient[index] ?? 0;
    const m = beta1 * (firstMoment[index] ?? 0) + (1 - beta1) * g;
    const v = beta2 * (secondMoment[index] ?? 0) + (1 - beta2) * g * g;
    firstMoment[index] = m;
    secondMoment[index] = v;
    parameter[index] = (parameter[index] ?? 0) * kept - (stepSize * m) / (Math.sqrt(v) * inverseCorrection + epsilon);
  }
}
