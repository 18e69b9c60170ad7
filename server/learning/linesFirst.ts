// Which of a cycle's probes are asked: lines of code, since lines are what completion is asked for. Expected values in tests and arguments of calls, which one
// commit's update teaches least, are asked only where lines are too few.
import type { Probe } from '../reward/probe.ts';
import { enoughProbes } from '../reward/gates.ts';
import { spreadOverFiles } from './spreadOverFiles.ts';

/** At most `limit`, spread over files first. Where there are too few lines to judge by, all kinds as they come. */
export function linesFirst(probes: readonly Probe[], limit: number): readonly Probe[] {
  const lines = probes.filter(({ kind }) => kind === 'addedLine' || kind === 'laterLine' || kind === 'kept');
  return spreadOverFiles(enoughProbes(lines) ? lines : probes, limit);
}
