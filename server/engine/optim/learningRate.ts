// Learning-rate schedules, the same formula as the Schedule operation (server/engine/graph/operations.ts).

export type ScheduleKind = 'cosine' | 'linear' | 'constant';

export interface LearningRateSchedule {
  readonly kind: ScheduleKind;
  readonly peak: number;
  readonly steps: number;
  readonly warmupSteps: number;
}

/** `step` counts from 1. */
export function learningRateAt({ kind, peak, steps, warmupSteps }: LearningRateSchedule, step: number): number {
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  const done = Math.min(1, (step - 1 - warmupSteps) / Math.max(1, steps - warmupSteps));
  switch (kind) {
    case 'cosine':
      return (peak * (1 + Math.cos(Math.PI * done))) / 2;
    case 'linear':
      return peak * (1 - done);
    case 'constant':
      return peak;
  }
}
