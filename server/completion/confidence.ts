// How sure a candidate is: a logistic curve per kind over its figures, fitted by `npm run bench -- calibrate` on packages that the model never
// read. 0.5 means that one in two like it were right. The thresholds are part of the calibration.
import { present } from '../base/assert.ts';
import calibration from './calibration.json' with { type: 'json' };
import { featureNames, type Candidate, type CandidateKind } from './candidates.ts';

export interface Curve {
  readonly bias: number;
  readonly weights: Readonly<Record<string, number>>;
}

export interface MinimumConfidence {
  readonly line: number;
  readonly part: number;
}

export interface Calibration {
  /** Of a whole line, and of a part of one: half a line is worth showing only where it is surely right. */
  readonly minimumConfidence: MinimumConfidence;
  readonly curves: Readonly<Record<CandidateKind, Curve>>;
}

export const calibrated: Calibration = calibration;

export function confidenceOf({ kind, features }: Candidate, { curves }: Calibration = calibrated): number {
  const { bias, weights } = curves[kind];
  const names = featureNames[kind];
  return sigmoid(features.reduce((sum, value, index) => sum + value * (weights[present(names[index])] ?? 0), bias));
}

/**
 * Nats: below this sum of log-probabilities the model's own text cannot reach the confidence any more, whatever follows. Null: it always can.
 */
export function hopelessBelow(minimum: MinimumConfidence, { curves }: Calibration = calibrated): number | null {
  const limits = (['line', 'part'] as const).map((extent) => {
    if (minimum[extent] <= 0) return Number.NEGATIVE_INFINITY;
    const share = Math.min(minimum[extent], 1 - 1e-6);
    const wanted = Math.log(share / (1 - share));
    const { bias, weights } = curves[extent === 'line' ? 'writtenLine' : 'writtenPart'];
    const { logOdds = 0, tokens = 0, draftAgrees = 0 } = weights;
    const best = bias + Math.max(0, draftAgrees) + Math.max(0, tokens) * Math.log(64);
    if (logOdds <= 0) return Number.NEGATIVE_INFINITY;
    // From odds back to the probability.
    return -Math.log1p(Math.exp((best - wanted) / logOdds));
  });
  const limit = Math.min(...limits);
  return Number.isFinite(limit) ? Math.min(limit, mostHopeful) : null;
}

/** Also a text of which little may come is read for a token or two: it may agree with the draft. */
const mostHopeful = -1;

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
