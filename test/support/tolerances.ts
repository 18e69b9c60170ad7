// Every numeric tolerance of the engine's tests, by what is compared. |a - b| <= absolute + relative * |b|.

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

export const tolerances = {
  /** Gradient rules against central differences, both in f64. */
  differencesF64: { absolute: 1e-7, relative: 1e-6 },
  /** A whole model: differences lose digits over its depth. */
  modelDifferencesF64: { absolute: 1e-6, relative: 1e-5 },
  /** The same operation in f32 by two executors, on inputs of order one. */
  operationF32: { absolute: 2e-5, relative: 2e-4 },
  /** Whole small models in f32 against an independent implementation. */
  logitsF32: { absolute: 2e-4, relative: 1e-4 },
  lossF32: { absolute: 2e-5, relative: 2e-5 },
  gradientF32: { absolute: 2e-6, relative: 2e-3 },
  /** Loss along ten training steps: rounding differences grow with the steps. */
  trainingLossF32: { absolute: 2e-4, relative: 1e-4 },
  trainingNormF32: { absolute: 1e-4, relative: 1e-3 },
  /** AdamW divides by the gradient's own size, so where gradients vanish rounding moves a weight by whole steps. */
  trainedAdapterF32: { absolute: 2e-4, relative: 1e-3 },
  /** One layout of the same work against another (packed or not, together or not), in f32. */
  layoutF32: { absolute: 2e-6, relative: 1e-4 },
  /** Loops over typed arrays against the same formula as graph operations. */
  optimiserF32: { absolute: 1e-7, relative: 1e-5 },
} satisfies Record<string, Tolerance>;
