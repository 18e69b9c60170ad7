// One commit of the demo from HEAD's move to the verdict, as a user has it: K candidates, model-written self-edits, second seed, tests in the
// sandbox. Three commits are learnt one after the other, each on the version that serves by then; figures are medians over them. The machine's GEMM peak,
// read before and after each, says how fast the machine was meanwhile: shared ones change within minutes.
import { availableParallelism } from 'node:os';
import { withScratchWorkspace } from '../demo/scratchWorkspace.ts';
import { present } from '../server/base/assert.ts';
import { learn } from '../server/learning/learn.ts';
import { openGemmPeak } from './gemmPeak.ts';

const warmUp = 'Move the reports into a folder of their own';
const measured = ['Recurring entries', 'Import entries from CSV', 'Find entries by account, tag, date and text'];

export function cycle() {
  return withScratchWorkspace({ runTests: true }, async (workspace) => {
    const log = await workspace.repository.log({ to: 'refs/heads/main' });
    const learnOne = async (subject: string) => {
      const commit = present(log.find((each) => each.subject === subject), subject);
      const startMs = performance.now();
      const result = await learn(workspace.learner, { branch: 'main', range: commit.id, seed: 1, placebo: 'never' });
      const outcome = result.kind === 'learnt' ? result.outcomes[0] : undefined;
      return { subject, seconds: (performance.now() - startMs) / 1000, outcome };
    };
    await learnOne(warmUp);
    const cycles = [];
    const peak = await openGemmPeak(availableParallelism());
    const peaks = [await peak.measure()];
    for (const subject of measured) {
      cycles.push(await learnOne(subject));
      peaks.push(await peak.measure());
    }
    await peak.dispose();
    const phases = [...new Set(cycles.flatMap(({ outcome }) => Object.keys(outcome?.cycle.seconds ?? {})))].filter((phase) => phase !== 'total');
    const figures: Record<string, number> = { seconds: median(cycles.map(({ seconds }) => seconds)) };
    for (const phase of phases) figures[`seconds.${phase}`] = median(cycles.map(({ outcome }) => outcome?.cycle.seconds[phase] ?? 0));
    figures['gemmPeakGflops'] = median(peaks.map(({ perSecond }) => perSecond)) / 1e9;
    return {
      figures,
      details: cycles.map(({ subject, seconds, outcome }) => ({
        subject,
        seconds,
        kind: outcome?.kind,
        phases: outcome?.cycle.seconds,
        reason: outcome?.kind === 'rejected' ? outcome.explanation : undefined,
        reward: outcome !== undefined && outcome.kind !== 'skipped' ? outcome.version?.reward : undefined,
        notes: outcome?.cycle.notes,
      })),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
