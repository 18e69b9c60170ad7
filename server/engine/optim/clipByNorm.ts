// Clips one candidate's gradient to a global norm, in place; the same formula as the ClipByNorm operation.

/** Returns the norm before clipping. `maxNorm` <= 0 means no clipping. */
export function clipByNorm(gradient: Float32Array, maxNorm: number): number {
  // Four sums: one chain of dependent additions would bind the loop to the latency of an addition.
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const even = gradient.length & ~3;
  for (let index = 0; index < even; index += 4) {
    const [g0, g1, g2, g3] = [gradient[index] ?? 0, gradient[index + 1] ?? 0, gradient[index + 2] ?? 0, gradient[index + 3] ?? 0];
    sum0 += g0 * g0;
    sum1 += g1 * g1;
    sum2 += g2 * g2;
    sum3 += g3 * g3;
  }
  for (let index = even; index < gradient.length; index++) sum0 += (gradient[index] ?? 0) ** 2;
  const norm = Math.sqrt(sum0 + sum1 + sum2 + sum3);
  const factor = maxNorm <= 0 ? 1 : maxNorm / (norm + 1e-6);
  if (factor < 1) for (let index = 0; index < gradient.length; index++) gradient[index] = (gradient[index] ?? 0) * factor;
  return norm;
}
