// A replay as lines of text: one entry per commit while it runs, the figures at the end.
import type { Compared, FreshGain, GainsByVerdict, ReplayStep, ReplaySummary } from '../evaluation/replayResult.ts';
import { figure } from './figures.ts';

/** Declarations named of a commit's pairs. */
const namesShown = 5;

export function describeStep({ branch, commit, subject, row, phases, pairs }: ReplayStep): string {
  const { reward } = row;
  const slowest = Object.entries(phases)
    .filter(([phase]) => phase !== 'total')
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([phase, seconds]) => `${phase} ${seconds.toFixed(1)}`);
  const measured =
    reward === null
      ? []
      : [
          `probes ${figure(reward.dense)}`,
          `tests ${reward.tests.verdict}${reward.tests.informative > 0 ? `, ${reward.tests.before ?? '?'} to ${reward.tests.after ?? '?'} passes on ${reward.tests.informative} spans` : ''}`,
          ...(reward.retention === null ? [] : [`retention ${figure(reward.retention)}`]),
        ];
  return [
    `${row.promoted ? '●' : '○'} ${branch}  ${commit.slice(0, 8)}  ${subject}`,
    `    ${row.promoted ? `version ${row.id}` : `${row.reason}${row.waits ? ', waits for the next commit' : ''}`}; ${row.pairs} pairs, ${row.modelWrittenPairs} of them written by the model${row.share === null || row.share === 1 ? '' : `; ${row.share} of the step`}; ${row.seconds.toFixed(1)} s${slowest.length === 0 ? '' : ` (${slowest.join(', ')})`}`,
    ...[...taught(pairs), ...(row.explanation === null ? [] : [`why: ${row.explanation}`]), ...measured].map((line) => `    ${line}`),
  ].join('\n');
}

/** The declarations that the pairs are about, those with most pairs first. */
function taught(pairs: ReplayStep['pairs']): string[] {
  const counts = new Map<string, number>();
  for (const { declaration } of pairs) if (declaration !== '') counts.set(declaration, (counts.get(declaration) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (names.length === 0) return [];
  return [`about ${names.slice(0, namesShown).join(', ')}${names.length > namesShown ? ` and ${names.length - namesShown} more` : ''}`];
}

export function describeSummary({ nextCommit, placebo, seconds }: ReplaySummary): string {
  const { logLikelihood: likelihood } = nextCommit;
  const row = (name: string, { base, adapted, otherRepository }: Compared<number>) =>
    `  ${name.padEnd(32)}${[base, adapted, otherRepository].map((value) => value.toFixed(3).padStart(10)).join('')}`;
  const gain = (mean: number, low: number, high: number) => figure({ gain: mean, low, high });
  return [
    `${nextCommit.items} lines of next commits, asked before their commit was learnt`,
    `  ${''.padEnd(32)}${['base', 'adapted', 'other'].map((name) => name.padStart(10)).join('')}`,
    row('log-likelihood, nats per token', likelihood),
    row('exact match', nextCommit.exactMatch),
    row('edit similarity', nextCommit.editSimilarity),
    `  adapted minus base              ${gain(likelihood.gain, likelihood.gainLow, likelihood.gainHigh)}`,
    `  adapted minus other repository  ${gain(likelihood.gainOverOther, likelihood.gainOverOtherLow, likelihood.gainOverOtherHigh)}`,
    `  next commit, promoted versions  ${fresh(nextCommit.promotedGain)}`,
    `  next commit, rejected           ${fresh(nextCommit.rejectedGain)}`,
    `  next commit, difference         ${difference(nextCommit.promotedOverRejected)}`,
    `  next three, promoted versions   ${fresh(nextCommit.nextThree.promotedGain)}`,
    `  next three, rejected            ${fresh(nextCommit.nextThree.rejectedGain)}`,
    `  next three, difference          ${difference(nextCommit.nextThree.promotedOverRejected)}`,
    `  placebos promoted               ${placebo.promoted} of ${placebo.tried}`,
    `  (90 % intervals, paired bootstrap clustered by commit and file, differences of promoted and rejected by cycle; ${seconds.toFixed(0)} s in all)`,
  ].join('\n');
}

function fresh({ gain, items, cycles }: FreshGain): string {
  return gain === null ? 'not measured' : `${difference(gain)} over ${items} items of ${cycles} cycles`;
}

function difference(interval: GainsByVerdict['promotedOverRejected']): string {
  return interval === null ? 'not measured' : figure({ gain: interval.mean, low: interval.low, high: interval.high });
}
