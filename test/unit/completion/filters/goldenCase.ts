// Golden cases of post-filters: ║ is the cursor, what stands between ├ and ┤ is suggested there; a reason in words where nothing is left.
import { expect, test } from 'vitest';
import type { PostFilter } from '../../../../server/completion/filters/postFilter.ts';

export type GoldenCase = readonly [title: string, before: string, after: string];

export function checkFilter(filter: PostFilter, cases: readonly GoldenCase[]): void {
  test.each(cases)('%s', (_, before, after) => {
    const [, prefix = '', text = '', suffix = ''] = /^([^├]*)├([^┤]*)┤║([^]*)$/.exec(before) ?? [];
    const filtered = filter(text, { prefix, suffix });
    expect('reason' in filtered ? filtered.reason : `${prefix}├${filtered.text}┤║${suffix}`).toBe(after);
  });
}
