// How a repository's learner is opened, out of the settings. Pure.
import { readHours } from '../../config/hours.ts';
import type { Settings } from '../../config/settings.ts';
import type { LearnerOpen, LearnerSettings } from '../../protocol/learner.ts';

/** The same commits, the same seed: the same versions. */
const seed = 1;

export function learnerOpen(
  settings: Settings,
  at: { readonly folder: string; readonly installationRoot: string; readonly cacheFolder: string; readonly approvedEmails: readonly string[] },
): Omit<LearnerOpen, 'settings'> {
  const { folder, installationRoot, cacheFolder } = at;
  const emails = [...at.approvedEmails, ...settings.approvedAuthors];
  return {
    type: 'open',
    folder,
    installationRoot,
    cacheFolder,
    seed,
    runTests: settings.tests.enabled,
    approvedEmails: emails.includes('all') ? null : emails,
    languages: settings.languages,
    ignore: settings.ignore,
    watch: 'told',
    ...(settings.tests.command.trim() === '' ? {} : { testCommand: settings.tests.command.trim() }),
    ...(settings.model === '' ? {} : { model: settings.model }),
    ...(settings.budget.memoryMb === 0 ? {} : { memoryBytes: settings.budget.memoryMb * 1024 * 1024 }),
    ...(settings.budget.threads === 0 ? {} : { threads: settings.budget.threads }),
    ...(settings.device === 'cpu' ? {} : { device: settings.device, gpuShare: settings.budget.gpuShare }),
  };
}

export function learnerSettings({ learning, budget, power }: Settings): LearnerSettings {
  return {
    enabled: true,
    budgetMsPerHour: null,
    sleepWhenIdle: learning.sleep,
    when: learning.schedule,
    hours: readHours(learning.hours),
    budgetMsPerDay: budget.minutesPerDay === 0 ? null : budget.minutesPerDay * 60_000,
    pauseOnBattery: power.pauseOnBattery,
    diskBytes: budget.diskMb === 0 ? null : budget.diskMb * 1024 * 1024,
  };
}
