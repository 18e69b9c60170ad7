// The schedule's settings out of the learner's messages.
import type { LearnerSettings } from './protocol/learner.ts';
import type { ScheduleSettings } from './learning/schedule.ts';

export function withDefaults({ diskBytes: _, ...settings }: LearnerSettings): ScheduleSettings {
  return settings;
}
