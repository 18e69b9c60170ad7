// What is suggested of what could be, and how sure it is.
import { describe, expect, it } from 'vitest';
import { candidatesOf, featureNames, type Candidate } from '../../../server/completion/candidates.ts';
import { sureCandidates } from '../../../server/completion/chooseCandidate.ts';
import { calibrated, confidenceOf, hopelessBelow, type Calibration } from '../../../server/completion/confidence.ts';
import type { Generated } from '../../../server/base/prompt.ts';

/** Confidence is the text's own odds, whoever wrote it. */
const plain: Calibration = {
  minimumConfidence: { line: 0.5, part: 0.5 },
  curves: {
    writtenLine: { bias: 0, weights: { logOdds: 1 } },
    writtenPart: { bias: 0, weights: { logOdds: 1 } },
    repeatedLine: { bias: 0, weights: { logAgreement: 1 } },
    repeatedPart: { bias: 0, weights: { logAgreement: 1 } },
  },
};

function generated(pieces: readonly (readonly [string, number])[], finish: Generated['finish'] = 'stop'): Generated {
  let text = '';
  const steps = pieces.map(([piece, logProbability]) => {
    text += piece;
    return { logProbability, length: text.length };
  });
  return { text, finish, tokens: steps.length, meanLogProbability: 0, steps };
}

const oddsOf = (logProbability: number): number => Math.log(Math.exp(logProbability) / (1 - Math.exp(logProbability)));

describe('candidates', () => {
  it('are cut at the ends of words, and whole where the model ended the line', () => {
    const own = generated([['tot', -0.1], ['al', -0.1], ['(items)', -0.5], [';', -0.1], ['', -0.1]]);
    expect(candidatesOf({ own, draft: null, judged: undefined }).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'writtenPart total',
      'writtenPart total(items)',
      'writtenPart total(items);',
      'writtenLine total(items);',
    ]);
  });

  it('of a text that was given up are parts', () => {
    const own = generated([['total', -0.1], ['(what', -3]], 'unlikely');
    expect(candidatesOf({ own, draft: null, judged: undefined }).map(({ kind }) => kind)).toEqual(['writtenPart', 'writtenPart']);
  });

  it('of a draft know how the model judged it', () => {
    const draft = { cuts: [{ text: 'items', agreement: 0.9 }, { text: 'items);', agreement: 0.8 }], lineEndAgreement: 0.7, matchLength: 6, partialLength: 0 };
    const [part, line] = candidatesOf({ own: generated([['item', -0.2], ['s);', -0.2]]), draft, judged: generated([['items', -0.3], [');', -0.4]], 'length') }).filter(({ kind }) => kind.startsWith('repeated'));
    expect(part).toMatchObject({ kind: 'repeatedPart', text: 'items', features: [Math.log(0.9), expect.closeTo(oddsOf(-0.3)), 0.5, 0, Math.log(2), 1, 0] });
    expect(line).toMatchObject({ kind: 'repeatedLine', text: 'items);' });
    expect(line?.features[1]).toBeCloseTo(oddsOf(-0.7));
  });
});

describe('the choice', () => {
  const candidate = (kind: Candidate['kind'], text: string, logProbability: number): Candidate => ({ kind, text, features: [logProbability, ...featureNames[kind].slice(1).map(() => 0)] });

  it('takes a whole line first, then the longer part, and none below the confidence asked for', () => {
    const candidates = [candidate('writtenPart', 'short', 2), candidate('repeatedPart', 'longer part', 1.5), candidate('writtenLine', 'line;', 1), candidate('repeatedLine', 'unsure;', -2)];
    expect(sureCandidates(candidates, plain.minimumConfidence, plain).map(({ candidate: { text } }) => text)).toEqual(['line;', 'longer part', 'short']);
  });

  it('takes the lines after the surest one along while they are sure', () => {
    const candidates = [candidate('writtenLine', 'if (a) {', 2), candidate('writtenLine', 'if (a) {\n  b();', 1), candidate('writtenLine', 'if (a) {\n  b();\n}', -1)];
    expect(sureCandidates(candidates, plain.minimumConfidence, plain)[0]).toMatchObject({ candidate: { text: 'if (a) {\n  b();' } });
  });

  it('gives up a text that cannot become sure any more, and not sooner', () => {
    const least = hopelessBelow({ line: 0.2, part: 0.2 }, plain) ?? 0;
    expect(confidenceOf(candidate('writtenLine', 'a', oddsOf(least)), plain)).toBeCloseTo(0.2);
    expect(hopelessBelow({ line: 0, part: 0 }, plain)).toBeNull();
  });

  it('has a calibration that grows with what speaks for a text', () => {
    const repeated = (agreement: number): Candidate => ({ kind: 'repeatedLine', text: 'a', features: [Math.log(agreement), -2, 0.5, 0, 1, 0, 1] });
    expect(confidenceOf(repeated(0.9), calibrated)).toBeGreaterThan(confidenceOf(repeated(0.3), calibrated));
  });
});
