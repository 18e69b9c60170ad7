// When a request waits for the one before it.
import { describe, expect, it } from 'vitest';
import { waitForOlderMs } from '../../../server/completion/joinOlder.ts';

const older = { group: 'g', prefix: 'const a', elapsedMs: 60 };

describe('joining the older request', () => {
  const cases: readonly [title: string, older: typeof older, newer: { group: string; prefix: string }, waitMs: number][] = [
    ['waits for what is left where typing went on', older, { group: 'g', prefix: 'const a = ' }, 60],
    ['waits for the same question', older, { group: 'g', prefix: 'const a' }, 200],
    ['does not wait for one that has hardly begun', { ...older, elapsedMs: 10 }, { group: 'g', prefix: 'const ab' }, 0],
    ['does not wait elsewhere', older, { group: 'h', prefix: 'const ab' }, 0],
    ['does not wait after going back', older, { group: 'g', prefix: 'const' }, 0],
    ['does not wait after a new line', older, { group: 'g', prefix: 'const a\n' }, 0],
    ['does not wait after a paste', older, { group: 'g', prefix: 'const a = something.long' }, 0],
    ['does not wait for one that is late', { ...older, elapsedMs: 500 }, { group: 'g', prefix: 'const ab' }, 0],
  ];
  it.each(cases)('%s', (_, running, newer, waitMs) => {
    expect(waitForOlderMs(running, newer, 100)).toBe(waitMs);
  });
});
