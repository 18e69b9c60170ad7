// Fits the curves of server/completion/confidence.ts to measured places: for each kind of candidate a logistic regression on its figures,
// each place counting as it is weighted, however many candidates it has.
import { present } from '../server/base/assert.ts';
import { candidatesOf, featureNames, type Candidate, type CandidateKind, type Material } from '../server/completion/candidates.ts';
import type { Calibration, Curve } from '../server/completion/confidence.ts';

export interface MeasuredPlace extends Material {
  /** What was typed there to the end of the line. */
  readonly restOfLine: string;
  readonly weight: number;
}

/** A whole line is right if it is the line; a part of one if the line goes on so. */
export function isRight({ kind, text }: Candidate, restOfLine: string): boolean {
  return kind.endsWith('Line') ? text.trim() === restOfLine.trim() : restOfLine.startsWith(text);
}

export function fitCurves(places: readonly MeasuredPlace[]): Calibration['curves'] {
  const kinds = Object.keys(featureNames) as CandidateKind[];
  const curveOf = (kind: CandidateKind): Curve => {
    const rows = places.flatMap((place) => {
      const candidates = candidatesOf(place).filter((candidate) => candidate.kind === kind);
      return candidates.map((candidate) => ({ features: candidate.features, right: Number(isRight(candidate, place.restOfLine)), weight: place.weight / candidates.length }));
    });
    return fitLogistic(rows, featureNames[kind]);
  };
  return Object.fromEntries(kinds.map((kind) => [kind, curveOf(kind)])) as Record<CandidateKind, Curve>;
}

interface Row {
  readonly features: readonly number[];
  readonly right: number;
  readonly weight: number;
}

const rounds = 1500;
const rate = 0.5;
/** Ridge, on standardised figures. */
const shrinkage = 2e-3;

function fitLogistic(rows: readonly Row[], names: readonly string[]): Curve {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const mean = names.map((_, at) => rows.reduce((sum, { features, weight }) => sum + weight * present(features[at]), 0) / total);
  const spread = names.map((_, at) => Math.sqrt(rows.reduce((sum, { features, weight }) => sum + weight * (present(features[at]) - present(mean[at])) ** 2, 0) / total) || 1);
  const scaled = rows.map(({ features, right, weight }) => ({ x: features.map((value, at) => (value - present(mean[at])) / present(spread[at])), right, share: weight / total }));
  const slopes = names.map(() => 0);
  let bias = 0;
  for (let round = 0; round < rounds; round++) {
    const gradient = slopes.map((slope) => shrinkage * slope);
    let biasGradient = 0;
    for (const { x, right, share } of scaled) {
      const error = (1 / (1 + Math.exp(-x.reduce((sum, value, at) => sum + value * present(slopes[at]), bias))) - right) * share;
      biasGradient += error;
      for (const [at, value] of x.entries()) gradient[at] = present(gradient[at]) + error * value;
    }
    bias -= rate * biasGradient;
    for (const [at, value] of gradient.entries()) slopes[at] = present(slopes[at]) - rate * value;
  }
  const weights = Object.fromEntries(names.map((name, at) => [name, round4(present(slopes[at]) / present(spread[at]))]));
  return { bias: round4(bias - names.reduce((sum, _, at) => sum + (present(slopes[at]) * present(mean[at])) / present(spread[at]), 0)), weights };
}

function round4(value: number): number {
  return Number(value.toFixed(4));
}
