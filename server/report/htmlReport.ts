// A replay as one HTML file that needs nothing else: styles, chart library and data are inside, so it opens offline and can be mailed.
// Every text from the repository is escaped; data for the charts is JSON in a script element that is never executed.
import { folded } from '../base/folded.ts';
import type { Compared, Replay, ReplayItem, ReplayStep } from '../evaluation/replayResult.ts';
import { escapeHtml, signed } from './escapeHtml.ts';
import { chartScript } from './chartScript.ts';
import { styles } from './styles.ts';

export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
}

export interface ReportOptions {
  readonly model: string;
  readonly chartLibrary: ChartLibrary;
}

export function htmlReport(replay: Replay, options: ReportOptions): string {
  const { summary } = replay;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Graft: ${escapeHtml(summary.repository)}</title>
<style>${options.chartLibrary.style}${styles}</style>
</head>
<body>
<main>
<h1>What ${escapeHtml(options.model)} learnt from ${escapeHtml(summary.repository)}</h1>
<p>${summary.commits} commits in ${summary.seconds.toFixed(0)} s, ${summary.versions.filter((row) => row.promoted).length} promoted versions.
Each commit's new lines were asked of the model <em>before</em> it learnt that commit; only the code before the commit stood in the prompt.</p>
${figures(replay)}
<h2>Next-commit log-likelihood</h2>
<p class="note">Nats per token of the lines that each commit adds, higher is better. “Adapted” has learnt the commits before; “other repository” was trained in the same way elsewhere.</p>
<div id="likelihood" class="chart"></div>
<h2>Retention</h2>
<p class="note">Change of log-likelihood on the probes of older commits, by each candidate that gained on its own probes (nats per token, 0 is no change).</p>
<div id="retention" class="chart"></div>
<h2>Commits</h2>
${commitTable(replay.steps)}
<h2>Completions side by side</h2>
<p class="note">Greedy. The items where the adapted and the base model differ most in likelihood, in both directions.</p>
${completions(replay.steps)}
${replay.notes.length === 0 ? '' : `<h2>Notes</h2><ul>${replay.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`}
</main>
<script type="application/json" id="data">${chartData(replay)}</script>
<script>${options.chartLibrary.script}</script>
<script>${chartScript}</script>
</body>
</html>
`;
}

function figures(replay: Replay): string {
  const { nextCommit, placebo } = replay.summary;
  const { logLikelihood: likelihood } = nextCommit;
  const difference = (name: string, of: typeof nextCommit.promotedOverRejected, over = '') =>
    `<tr><th>${name}</th><td>${of === null ? 'not measured' : `${interval(of.mean, of.low, of.high)}${over}`}</td></tr>`;
  const fresh = (name: string, { gain, items, cycles }: typeof nextCommit.promotedGain) => difference(name, gain, ` over ${items} items of ${cycles} cycles`);
  const row = (name: string, values: Compared<number>, format: (value: number) => string) =>
    `<tr><th>${name}</th><td>${format(values.base)}</td><td>${format(values.adapted)}</td><td>${format(values.otherRepository)}</td></tr>`;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return `<div class="columns">
<table><thead><tr><th>${nextCommit.items} next-commit items</th><th>base</th><th>adapted</th><th>other repository</th></tr></thead><tbody>
${row('log-likelihood, nats per token', likelihood, (value) => value.toFixed(3))}
${row('exact match', nextCommit.exactMatch, percent)}
${row('edit similarity', nextCommit.editSimilarity, percent)}
</tbody></table>
<table><tbody>
<tr><th>adapted minus base</th><td>${interval(likelihood.gain, likelihood.gainLow, likelihood.gainHigh)}</td></tr>
<tr><th>adapted minus other repository</th><td>${interval(likelihood.gainOverOther, likelihood.gainOverOtherLow, likelihood.gainOverOtherHigh)}</td></tr>
${fresh('gain of promoted versions on the next commit', nextCommit.promotedGain)}
${fresh('gain of rejected candidates on the next commit', nextCommit.rejectedGain)}
${difference('promoted minus rejected, next commit', nextCommit.promotedOverRejected)}
${fresh('gain of promoted versions on the next three commits', nextCommit.nextThree.promotedGain)}
${fresh('gain of rejected candidates on the next three commits', nextCommit.nextThree.rejectedGain)}
${difference('promoted minus rejected, next three commits', nextCommit.nextThree.promotedOverRejected)}
<tr><th>placebos promoted</th><td>${placebo.promoted} of ${placebo.tried}</td></tr>
</tbody></table>
</div>
<p class="note">Intervals are 90 %, paired bootstrap clustered by commit and file; promoted minus rejected is clustered by cycle.</p>`;
}

function commitTable(steps: readonly ReplayStep[]): string {
  const rows = steps.map((step, index) => {
    const { row } = step;
    const dense = row.reward?.dense;
    const tests = row.reward?.tests;
    return `<tr class="${row.promoted ? 'promoted' : ''}">
<td>${escapeHtml(step.branch)}</td><td><code>${row.commit.slice(0, 8)}</code></td><td>${escapeHtml(step.subject)}</td>
<td>${row.promoted ? '● promoted' : `<span title="${escapeHtml(row.explanation ?? '')}">${escapeHtml(row.reason)}${row.waits ? ', waits for the next commit' : ''}</span>`}</td><td>${row.pairs}${row.modelWrittenPairs > 0 ? ` (${row.modelWrittenPairs} by the model)` : ''}</td>
<td>${dense ? interval(dense.gain, dense.low, dense.high) : ''}</td>
<td>${tests ? `${escapeHtml(tests.verdict)}${tests.informative > 0 ? ` <small>${tests.before ?? '?'} → ${tests.after ?? '?'}, ${tests.informative} spans</small>` : ''}` : ''}</td>
<td>${row.reward?.retention ? signed(row.reward.retention.gain) : ''}</td><td>${row.seconds.toFixed(1)}</td></tr>
<tr class="more"><td colspan="9"><details><summary>pairs, training loss</summary>${details(step, index)}</details></td></tr>`;
  });
  return `<table class="wide"><thead><tr><th>branch</th><th>commit</th><th>subject</th><th>verdict</th><th>pairs</th><th>probe gain</th><th>tests</th><th>retention</th><th>seconds</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

/** A cut is said where the list stands. */
const shownPairs = 12;

function details(step: ReplayStep, index: number): string {
  const pairs = step.pairs
    .slice(0, shownPairs)
    .map((pair) => `<li>${escapeHtml(pair.form)}, <code>${escapeHtml(pair.declaration)}</code>, ${pair.writtenBy}: <code>${escapeHtml(shorten(pair.answer))}</code></li>`);
  const rest = step.pairs.length - pairs.length;
  const leftOut = step.leftOut.map((file) => `<li><code>${escapeHtml(file.path)}</code>: ${escapeHtml(file.reason)}</li>`);
  return `<div class="chart small" data-loss="${index}"></div>
<ul>${pairs.join('')}${rest > 0 ? `<li>and ${rest} more</li>` : ''}</ul>
${leftOut.length === 0 ? '' : `<p>Left out:</p><ul>${leftOut.join('')}</ul>`}`;
}

function completions(steps: readonly ReplayStep[]): string {
  const items = steps.flatMap((step) => step.items);
  const gain = (item: ReplayItem) => item.logLikelihood.adapted - item.logLikelihood.base;
  const sorted = [...items].sort((a, b) => gain(b) - gain(a));
  const shown = sorted.length <= 24 ? sorted : [...sorted.slice(0, 16), ...sorted.slice(-8)];
  const rows = shown.map(
    (item) => `<tr><td><code>${escapeHtml(item.path)}</code><br><small>${signed(gain(item))} nats</small></td>
<td><code>${escapeHtml(item.typed)}<b>${escapeHtml(item.answer)}</b></code></td>
<td><code>${escapeHtml(item.completion.base)}</code></td><td><code>${escapeHtml(item.completion.adapted)}</code></td></tr>`,
  );
  const cut = items.length - shown.length;
  return `<table class="wide"><thead><tr><th>file</th><th>typed, <b>then written by the developer</b></th><th>base</th><th>adapted</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
${cut > 0 ? `<p class="note">${cut} items between them are not shown.</p>` : ''}`;
}

function chartData(replay: Replay): string {
  const mean = (items: readonly ReplayItem[], which: keyof Compared<number>) =>
    items.length === 0 ? null : items.reduce((sum, item) => sum + item.logLikelihood[which], 0) / items.length;
  const data = {
    commits: replay.steps.map((step, index) => `${index + 1} ${step.subject}`),
    base: replay.steps.map((step) => mean(step.items, 'base')),
    adapted: replay.steps.map((step) => mean(step.items, 'adapted')),
    other: replay.steps.map((step) => mean(step.items, 'otherRepository')),
    retention: replay.steps.map((step) => step.row.reward?.retention?.gain ?? null),
    losses: replay.steps.map((step) => step.training.filter((line) => line.candidate === step.candidate).map((line) => line.loss)),
  };
  // "<" must not end the script element that the JSON stands in.
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

function shorten(text: string): string {
  const line = folded(text);
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}

/** A mean with its interval; bounds that too few items leave open are said to be open. */
function interval(mean: number, low: number | null, high: number | null): string {
  return `${signed(mean)} <small>[${low === null ? 'open' : signed(low)}, ${high === null ? 'open' : signed(high)}]</small>`;
}
