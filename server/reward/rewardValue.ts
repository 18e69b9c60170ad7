// The reward: one number for selection, for ReST-EM and for the screen.

/**
 * Test passes that one nat per token of dense gain is worth. An answer of n uncertain tokens that is right with probability p becomes
 * right n × p per nat per token more often; at the pass rates where spans are informative (p about 0.4) and three uncertain
 * tokens an answer that is about 1. Measured passes need no such conversion, so they weigh as they are.
 */
export const lambda = 1;

/** `testsChange` is 0 where the tests were inconclusive or not run: then only the dense gain speaks. */
export function rewardValue(parts: { readonly testsChange: number; readonly denseGain: number }): number {
  return parts.testsChange + lambda * parts.denseGain;
}
