// Waiting as the user types.
import { describe, expect, it } from 'vitest';
import { debounceMs, unknownTyping, withGap, withVerdict, type Typing } from '../../../server/completion/debounce.ts';

const rhythm = (gapMs: number): Typing => Array.from({ length: 30 }, () => gapMs).reduce(withGap, unknownTyping);
const asked = { trigger: 'automatic', atLineStart: false, fixedMs: null, meanLatencyMs: 40 } as const;

describe('debounce', () => {
  const cases: readonly [title: string, typing: Typing, changes: Partial<Parameters<typeof debounceMs>[1]>, expected: number][] = [
    ['is nothing by hand', rhythm(200), { trigger: 'invoked' }, 0],
    ['is nothing at the start of a line', rhythm(200), { atLineStart: true }, 0],
    ['is what the user fixed', rhythm(200), { fixedMs: 75 }, 75],
    ['is short while the rhythm is unknown', unknownTyping, {}, 60],
    ['follows the rhythm less the latency', rhythm(200), {}, 160],
    ['has a floor', rhythm(30), {}, 60],
    ['has a ceiling', rhythm(900), {}, 360],
    ['is never negative', rhythm(100), { meanLatencyMs: 500 }, 0],
    ['grows with a rejection', withVerdict(rhythm(200), 'rejected'), {}, 260],
    ['shrinks again with acceptances', [1, 2].reduce((typing) => withVerdict(typing, 'accepted'), withVerdict(rhythm(200), 'rejected')), {}, 160],
  ];
  it.each(cases)('%s', (_, typing, changes, expected) => {
    expect(debounceMs(typing, { ...asked, ...changes })).toBe(expected);
  });

  it('does not take a pause for rhythm', () => {
    expect(withGap(unknownTyping, 5000)).toEqual(unknownTyping);
  });
});
