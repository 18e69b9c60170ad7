// Which of a cycle's probes are asked, where there are more than it has time for: three in four are lines of code, since lines are what completion is asked
// for. Expected values in tests ask what a function computes; one commit's update teaches that least, and many of them hide what it did teach.
import type { Probe } from '../reward/probe.ts';
import { limits } from '../reward/gates.ts';
import { spreadOverFiles } from './spreadOverFiles.ts';

const linesPerOther = 3;

/** At most `limit`, spread over files first. Where there are too few lines to judge by, all kinds as they come. */
export function mostlyLines(probes: readonly Probe[], limit: number): readonly Probe[] {
  const isLine = ({ kind }: Probe): boolean => kind === 'laterLine' || kind === 'kept';
  const lines = spreadOverFiles(probes.filter(isLine), Math.ceil((limit * linesPerOther) / (linesPerOther + 1)));
  if (lines.length < limits.probes) return spreadOverFiles(probes, limit);
  const others = probes.filter((probe) => !isLine(probe));
  return [...lines, ...spreadOverFiles(others, Math.min(limit - lines.length, Math.floor(lines.length / linesPerOther)))];
}
