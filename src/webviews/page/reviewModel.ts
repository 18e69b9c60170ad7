// What the review's page derives from a review and from what the user has marked: what to send, what is offered, what is summed up in words. Pure.
import type { Review } from '../../../server/protocol/assistant.ts';
import type { FromReviewPage } from '../../../server/protocol/reviewPage.ts';
import { countOf, gainText, intervalText } from '../../words/versionWords.ts';

/** What the user changed on the page and has not sent, by pair. */
export interface Marks {
  readonly learn: Readonly<Record<string, boolean>>;
  readonly answers: Readonly<Record<string, string>>;
}

export const noMarks: Marks = { learn: {}, answers: {} };

/** The marks that differ from what the review says; ids that it does not hold are dropped. */
export function retrainMessage(review: Review, marks: Marks): Extract<FromReviewPage, { type: 'retrain' }> {
  const message = { type: 'retrain' as const, strike: [] as string[], restore: [] as string[], edits: [] as { pair: string; answer: string }[] };
  for (const pair of review.pairs) {
    const learn = marks.learn[pair.id] ?? !pair.struck;
    if (!learn && !pair.struck) message.strike.push(pair.id);
    if (learn && pair.struck) message.restore.push(pair.id);
    const answer = marks.answers[pair.id];
    if (learn && pair.editable && answer !== undefined && answer !== pair.answer && answer.trim() !== '') message.edits.push({ pair: pair.id, answer });
  }
  return message;
}

/** One of the four buttons: null `why` means that it can be pressed. */
export interface Offer {
  readonly label: string;
  readonly why: string | null;
}

export function offers(review: Review, marks: Marks): Record<'keep' | 'reject' | 'retrain' | 'rollBack', Offer> {
  const { active, switchable } = review;
  const { promoted } = review.verdict;
  const dropped = switchable ? null : 'Its weights were dropped to save space.';
  const { strike, restore, edits } = retrainMessage(review, marks);
  const learns = review.pairs.length === 0 || review.pairs.some(({ id, struck }) => marks.learn[id] ?? !struck);
  const nothingLeft = learns ? null : 'All pairs are struck: nothing would be left to learn.';
  const changes = [
    ...(strike.length === 0 ? [] : [`without ${countOf(strike.length, 'pair', 'pairs')}`]),
    ...(restore.length === 0 ? [] : [`with ${countOf(restore.length, 'pair', 'pairs')} restored`]),
    ...(edits.length === 0 ? [] : [`with ${countOf(edits.length, 'answer', 'answers')} edited`]),
  ];
  const unchanged = changes.length > 0 || review.retrain.waiting ? null : 'Uncheck a pair or edit an answer first.';
  return {
    keep: { label: 'Keep', why: active ? 'It serves its branch already.' : promoted ? 'It was kept; use Roll Back to Here.' : dropped },
    reject: { label: 'Reject', why: active ? null : promoted ? 'Another version serves the branch.' : 'It was rejected already.' },
    retrain: { label: ['Retrain', changes.join(', ')].join(' ').trim(), why: review.retrain.refused ?? unchanged ?? nothingLeft },
    rollBack: { label: 'Roll Back to Here', why: active ? 'It serves its branch already.' : promoted ? dropped : 'It was rejected; use Keep.' },
  };
}

/** A figure of the table "Before and after". */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
  readonly good: boolean | null;
}

export function figures(review: Review): Figure[] {
  const { probes, tests, retention, generalLossChange, placebo } = review;
  return [
    {
      name: `Probes (${probes.count})`,
      value: `${gainText(probes.gain)} nats per token`,
      detail: intervalText(probes.low, probes.high),
      good: verdictOf(probes.low, probes.high),
    },
    testsFigure(tests),
    retention === null
      ? { name: 'Retention', value: 'not measured', detail: 'there are no probes of older commits', good: null }
      : { name: 'Retention', value: `${gainText(retention.gain)} nats per token`, detail: intervalText(retention.low, retention.high), good: verdictOf(retention.low, retention.high) },
    generalLossChange === null
      ? { name: 'General code', value: 'not measured', detail: '', good: null }
      : { name: 'General code', value: `loss ${generalLossChange < 0 ? '−' : '+'}${(100 * Math.abs(generalLossChange)).toFixed(2)} %`, detail: 'change of the loss on code of other projects', good: null },
    placebo.tried
      ? { name: 'Placebo', value: placebo.promoted ? 'promoted' : 'not promoted', detail: "a candidate trained on another repository's pairs", good: placebo.promoted ? false : null }
      : { name: 'Placebo', value: 'not tried', detail: 'it runs beside a sample of the cycles', good: null },
  ];
}

function testsFigure({ informative, before, after, verdict, note, trials, change }: Review['tests']): Figure {
  const name = `Tests (${countOf(informative, 'informative span', 'informative spans')})`;
  const noted = note === null ? [] : [note];
  if (verdict === 'notRunnable' || informative === 0) return { name, value: 'not verified by tests', detail: noted.join(), good: null };
  const value = `${before} → ${after} ${trials === null ? 'passes' : `of ${countOf(trials, 'run', 'runs')} passed`}`;
  const share = change === null ? [] : [`${shareText(change.gain)} of the runs, ${change.low === null || change.high === null ? 'interval unknown' : `90 % interval ${shareText(change.low)} to ${shareText(change.high)}`}`];
  return { name, value, detail: [...share, testsVerdicts[verdict] ?? verdict, ...noted].join('; '), good: verdict === 'better' ? true : verdict === 'worse' ? false : null };
}

/** A change of a share, in points of a hundred. */
function shareText(change: number): string {
  return `${change < 0 ? '−' : '+'}${(100 * Math.abs(change)).toFixed(0)} %`;
}

/** The sign-flip test over spans at a tenth, in words. */
const testsVerdicts: Readonly<Record<string, string>> = {
  better: 'more than chance explains',
  worse: 'fewer than chance explains',
  same: 'no more than chance explains',
  inconclusive: 'too few spans to tell',
};

function verdictOf(low: number | null, high: number | null): boolean | null {
  if (low !== null && low > 0) return true;
  if (high !== null && high < 0) return false;
  return null;
}

/** The loss curve in one sentence. */
export function lossSummary(losses: readonly number[]): string {
  const [first] = losses;
  const last = losses.at(-1);
  if (first === undefined || last === undefined) return 'No training step was recorded.';
  return `Loss ${first.toFixed(3)} at the first step, ${last.toFixed(3)} after ${countOf(losses.length, 'step', 'steps')}.`;
}

export function retentionSummary(points: Review['retentionOverTime']): string {
  const last = points.at(-1);
  if (last === undefined) return 'Retention has not been measured on this branch.';
  return `${countOf(points.length, 'version', 'versions')}; the last keeps older probes at ${gainText(last.gain)} nats per token (${intervalText(last.low, last.high)}).`;
}

export function costSummary(phases: Review['secondsByPhase']): string {
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return phases.length === 0 ? 'The cost was not recorded.' : `${total.toFixed(1)} s in all.`;
}

/** Pairs whose declaration, path, form, question or answer contains every word of the filter. */
export function filterPairs(pairs: Review['pairs'], filter: string): Review['pairs'] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return pairs.filter((pair) => {
    const text = [pair.declaration, pair.path, pair.form, pair.writtenBy, pair.question, pair.answer].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
