// docs/learning.md says what the code does: its tables are those of the constants as they stand.
import { expect, it } from 'vitest';
import { constantRows, learningPage, withTables } from '../../../scripts/learningPage.ts';

it('lists every constant of learning with its value and reason (npx tsx scripts/learningPage.ts rewrites the tables)', () => {
  expect(withTables(learningPage())).toBe(learningPage());
});

it('reads constants with their comments', () => {
  const text = 'export const some = {\n  /** Because. */\n  one: 1,\n  two: [1, 2],\n  inner: {\n    /** Two\n     * lines. */\n    three: 3,\n  },\n} as const;';
  expect(constantRows(text, 'some')).toEqual(['| `one` | 1 | Because. |', '| `two` | [1, 2] | Because. |', '| `inner.three` | 3 | Two lines. |']);
});
