// What the review's page derives from a review and from the user's marks.
import { describe, expect, it } from 'vitest';
import { filterPairs, figures, lossSummary, noMarks, offers, retentionSummary, retrainMessage, type Marks } from '../../../src/webviews/page/reviewModel.ts';
import { exampleReview } from './exampleReview.ts';

const marks = (part: Partial<Marks>): Marks => ({ ...noMarks, ...part });

describe('what is sent to retrain', () => {
  const review = exampleReview({});
  it.each<[string, Marks, object]>([
    ['nothing where nothing is marked', noMarks, { strike: [], restore: [], edits: [] }],
    ['a pair that was unchecked', marks({ learn: { p1: false } }), { strike: ['p1'], restore: [], edits: [] }],
    ['a struck pair that was checked', marks({ learn: { p3: true } }), { strike: [], restore: ['p3'], edits: [] }],
    ['nothing for a pair unchecked and checked again', marks({ learn: { p1: true, p3: false } }), { strike: [], restore: [], edits: [] }],
    ['an edited answer', marks({ answers: { p2: 'It returns null.' } }), { strike: [], restore: [], edits: [{ pair: 'p2', answer: 'It returns null.' }] }],
    ['no edit that changes nothing, is blank, or is of a struck or fixed pair', marks({ learn: { p2: false }, answers: { p1: 'fixed', p2: 'x', p3: ' ' } }), { strike: ['p2'], restore: [], edits: [] }],
    ['no mark of a pair that is not there', marks({ learn: { gone: false }, answers: { gone: 'x' } }), { strike: [], restore: [], edits: [] }],
  ])('is %s', (_, given, expected) => expect(retrainMessage(review, given)).toEqual({ type: 'retrain', ...expected }));
});

describe('the buttons', () => {
  const checkOffers = (part: Parameters<typeof exampleReview>[0], can: string[], given: Marks = noMarks): void => {
    const all = offers(exampleReview(part), given);
    expect(Object.entries(all).filter(([, { why }]) => why === null).map(([name]) => name)).toEqual(can);
  };
  const rejected = { promoted: false, reason: 'noGain', explanation: 'No gain.' };
  it('reject the active version, and retrain it', () => checkOffers({}, ['reject', 'retrain']));
  it('roll back to an earlier version', () => checkOffers({ active: false }, ['retrain', 'rollBack']));
  it('keep a rejected version', () => checkOffers({ active: false, verdict: rejected }, ['keep', 'retrain']));
  it('cannot bring back weights that were dropped', () => checkOffers({ active: false, switchable: false }, ['retrain']));
  it('do not retrain on nothing', () => checkOffers({}, ['reject'], marks({ learn: { p1: false, p2: false } })));
  it('retrain where something was changed, now or before', () => {
    const untouched = { retrain: { refused: null, waiting: false } };
    checkOffers(untouched, ['reject']);
    checkOffers(untouched, ['reject', 'retrain'], marks({ learn: { p1: false } }));
    checkOffers(untouched, ['reject', 'retrain'], marks({ answers: { p2: 'x' } }));
    expect(offers(exampleReview(untouched), noMarks).retrain.why).toBe('Uncheck a pair or edit an answer first.');
  });
  it('do not retrain where the server would refuse it, and say why', () => {
    const refused = { retrain: { refused: 'Branch "main" has moved on.', waiting: true } };
    checkOffers(refused, ['reject'], marks({ learn: { p1: false } }));
    expect(offers(exampleReview(refused), noMarks).retrain.why).toBe('Branch "main" has moved on.');
  });
  it('say what retraining changes', () => {
    const { retrain } = offers(exampleReview({}), marks({ learn: { p1: false, p3: true }, answers: { p2: 'x' } }));
    expect(retrain.label).toBe('Retrain without 1 pair, with 1 pair restored, with 1 answer edited');
  });
});

describe('the figures', () => {
  const named = (part: Parameters<typeof exampleReview>[0], name: string) => figures(exampleReview(part)).find((figure) => figure.name.startsWith(name));
  it('are good only where the whole interval is', () => {
    expect(named({ probes: { count: 9, gain: 0.2, low: 0.1, high: 0.3 } }, 'Probes')).toMatchObject({ good: true, value: '+0.200 nats per token', detail: '90 % interval +0.100 to +0.300' });
    expect(named({ probes: { count: 9, gain: 0.2, low: -0.1, high: 0.5 } }, 'Probes')?.good).toBeNull();
    expect(named({ probes: { count: 9, gain: -0.2, low: -0.4, high: -0.1 } }, 'Probes')?.good).toBe(false);
  });
  it('say what was not measured', () => {
    expect(named({ retention: null }, 'Retention')?.value).toBe('not measured');
    expect(named({ generalLossChange: null }, 'General')?.value).toBe('not measured');
    expect(named({ tests: { ...exampleReview({}).tests, informative: 0 } }, 'Tests')?.value).toBe('not verified by tests');
  });
  it('tell passes with the interval of their share, where it was measured', () => {
    expect(named({}, 'Tests')).toMatchObject({ value: '4 → 8 of 10 runs passed', detail: '+40 % of the runs, 90 % interval +10 % to +70 %; more than chance explains', good: true });
    expect(named({ tests: { ...exampleReview({}).tests, trials: null, change: null, verdict: 'same' } }, 'Tests')).toMatchObject({ value: '4 → 8 passes', detail: 'no more than chance explains', good: null });
  });
  it('show unknown bounds as unknown', () => {
    expect(named({ probes: { count: 3, gain: 0.2, low: null, high: null } }, 'Probes')?.detail).toBe('interval unknown');
  });
});

describe('summaries', () => {
  it('tell a curve in words', () => expect(lossSummary([2.5, 1, 0.5])).toBe('Loss 2.500 at the first step, 0.500 after 3 steps.'));
  it('tell that there is no curve', () => expect([lossSummary([]), retentionSummary([])]).toEqual(['No training step was recorded.', 'Retention has not been measured on this branch.']));
});

describe('the filter', () => {
  it.each([
    ['', ['p1', 'p2', 'p3']],
    ['PARSE fim', ['p1']],
    ['nothing like it', []],
  ])('"%s" finds %j', (filter, expected) => expect(filterPairs(exampleReview({}).pairs, filter).map(({ id }) => id)).toEqual(expected));
});
