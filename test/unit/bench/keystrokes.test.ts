// What the keystroke bench types and how it counts.
import { describe, expect, it } from 'vitest';
import { fitCurves, type MeasuredPlace } from '../../../bench/fitCalibration.ts';
import { shownFigures } from '../../../bench/shownFigures.ts';
import { keystrokesOf, typingSessions } from '../../../bench/typingSession.ts';
import { Random } from '../../../server/base/random.ts';
import { candidatesOf } from '../../../server/completion/candidates.ts';
import { confidenceOf } from '../../../server/completion/confidence.ts';

describe('typing', () => {
  it('lets Enter bring the indentation along, and pauses as people do', () => {
    const keys = keystrokesOf({ path: 'a.ts', before: 'if (a) ', typed: '{\n  bc;', after: '\n' });
    expect(keys.map(({ text, offset, restOfLine, weight }) => `${text.slice(7, offset)}|${restOfLine} ${weight}`)).toEqual(['|{ 10', '{| 10', '{\n  |bc; 10', '{\n  b|c; 1', '{\n  bc|; 8', '{\n  bc;| 10']);
  });

  it('takes CR LF for one key', () => {
    expect(keystrokesOf({ path: 'a.ts', before: '', typed: 'a\r\nb', after: '' }).map(({ text, offset, restOfLine }) => `${text.slice(0, offset)}|${restOfLine}`)).toEqual(['|a', 'a|', 'a\r\n|b', 'a\r\nb|']);
  });

  it('types lines of the file again, the same ones for a seed, and no prose', () => {
    const text = Array.from({ length: 30 }, (_, line) => (line % 10 === 0 ? '// prose' : `  call(${line});`)).join('\n');
    const sessions = typingSessions(new Map([['a.ts', text]]), 20, new Random(1));
    for (const { before, typed, after } of sessions) {
      expect(before + typed + after).toBe(text);
      expect(typed).not.toContain('prose');
    }
    expect(typingSessions(new Map([['a.ts', text]]), 20, new Random(1))).toEqual(sessions);
  });
});

describe('the figures of what is shown', () => {
  it('count a line as exact only when it is the rest of the line, and a part as right where the line goes on so', () => {
    const figures = shownFigures([
      { shown: 'sum(b);', restOfLine: 'sum(b);', weight: 1 },
      { shown: 'sum(', restOfLine: 'sum(b);', weight: 1 },
      { shown: 'product', restOfLine: 'sum(b);', weight: 1 },
      { shown: null, restOfLine: 'sum(b);', weight: 1 },
      { shown: 'more', restOfLine: '', weight: 1 },
    ]);
    expect(figures).toMatchObject({ coverage: 0.75, shownPrecision: 0.25, typedPrecision: 0.5, places: 5 });
  });
});

describe('the fit', () => {
  it('is surer of what was right more often', () => {
    const place = (logProbability: number, restOfLine: string): MeasuredPlace => ({ own: { text: 'total;', finish: 'stop', tokens: 1, meanLogProbability: 0, steps: [{ logProbability, length: 6 }] }, draft: null, judged: undefined, restOfLine, weight: 1 });
    const places = Array.from({ length: 40 }, (_, index) => [place(-0.1, index % 10 < 9 ? 'total;' : 'other;'), place(-3, index % 10 < 1 ? 'total;' : 'other;')]).flat();
    const calibration = { minimumConfidence: { line: 0.5, part: 0.5 }, curves: fitCurves(places) };
    const [sure, unsure] = [-0.1, -3].map((logProbability) => candidatesOf(place(logProbability, '')).map((candidate) => confidenceOf(candidate, calibration))[0] ?? 0);
    expect(sure).toBeGreaterThan(0.75);
    expect(unsure).toBeLessThan(0.25);
  });
});
