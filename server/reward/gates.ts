// What a candidate must not break: older knowledge, code in general, and the sample sizes below which nothing may be concluded.
import type { Difference } from './bootstrap.ts';
import { pairedInterval } from './bootstrap.ts';
import type { LogLikelihoods } from './denseGain.ts';
import type { Interval } from './probe.ts';

export const limits = {
  /** Nats per token that the probes of older commits may lose on average: a tenth of what a good cycle gains. */
  retentionLoss: 0.02,
  /** Rise of general-code loss, relative, in one cycle and since the base. */
  generalLossPerCycle: 0.01,
  generalLossInAll: 0.02,
  /** Items on the judging half below which an interval means nothing; more where all are of one file, whose items resemble each other. */
  probes: 6,
  probesOfOneFile: 10,
} as const;

export type RetentionGate =
  | { readonly kind: 'held'; readonly interval: Interval | null }
  | { readonly kind: 'forgot'; readonly interval: Interval };

/** Forgot: the mean fell by more than the limit, and not by chance (the upper bound is below zero). Null: no older probes. */
export function retentionGate(older: readonly Difference[], seed: number): RetentionGate {
  if (older.length === 0) return { kind: 'held', interval: null };
  const interval = pairedInterval(older, { seed });
  return interval.mean < -limits.retentionLoss && interval.high < 0 ? { kind: 'forgot', interval } : { kind: 'held', interval };
}

export interface GeneralLosses {
  readonly base: LogLikelihoods;
  readonly active: LogLikelihoods;
  readonly candidate: LogLikelihoods;
}

export type GeneralLossGate = {
  readonly kind: 'held' | 'rosePerCycle' | 'roseInAll';
  /** Relative change of the mean loss against the active version and against the base; positive is worse. */
  readonly cycleChange: number;
  readonly totalChange: number;
};

export function generalLossGate(losses: GeneralLosses): GeneralLossGate {
  const cycleChange = relativeChange(losses.active, losses.candidate);
  const totalChange = relativeChange(losses.base, losses.candidate);
  const kind = cycleChange > limits.generalLossPerCycle ? 'rosePerCycle' : totalChange > limits.generalLossInAll ? 'roseInAll' : 'held';
  return { kind, cycleChange, totalChange };
}

export function enoughProbes(judged: readonly { readonly path: string }[]): boolean {
  const files = new Set(judged.map(({ path }) => path)).size;
  return judged.length >= (files === 1 ? limits.probesOfOneFile : limits.probes);
}

function relativeChange(before: LogLikelihoods, after: LogLikelihoods): number {
  const was = meanLoss(before);
  return was === 0 ? 0 : (meanLoss(after) - was) / was;
}

function meanLoss(likelihoods: LogLikelihoods): number {
  if (likelihoods.size === 0) return 0;
  let sum = 0;
  for (const value of likelihoods.values()) sum -= value;
  return sum / likelihoods.size;
}
