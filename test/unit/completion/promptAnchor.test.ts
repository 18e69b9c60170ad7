// The beginning of a prompt stays while the user types on.
import { describe, expect, it } from 'vitest';
import { anchoredPrompt, type Anchor } from '../../../server/completion/promptAnchor.ts';
import type { FimPrompt } from '../../../server/base/prompt.ts';

const countTokens = (text: string): number => Math.ceil(text.length / 4);
const budgetTokens = 40;

/** As much prefix as fits, in whole lines, as `fimPrompt` cuts it. */
function freshAt(text: string, offset: number): { prompt: FimPrompt; text: string; offset: number; line: number } {
  const lines = text.slice(0, offset).split('\n');
  let kept = lines.length - 1;
  while (kept > 0 && countTokens(lines.slice(kept - 1).join('\n')) <= budgetTokens) kept--;
  return { prompt: { kind: 'fim', repository: 'r', path: 'a.ts', prefix: lines.slice(kept).join('\n'), suffix: text.slice(offset), context: [] }, text, offset, line: lines.length - 1 };
}

function typeThrough(typed: string, start: string) {
  let held: Anchor | null = null;
  let contexts = 0;
  const prefixes: string[] = [];
  for (let end = 0; end <= typed.length; end++) {
    const text = start + typed.slice(0, end);
    const { prompt, anchor }: { prompt: FimPrompt; anchor: Anchor } = anchoredPrompt(held, freshAt(text, text.length), { countTokens, freshContext: () => [{ path: 'b.ts', text: `${contexts++}` }] });
    held = anchor;
    prefixes.push(prompt.prefix);
  }
  const slides = prefixes.filter((prefix, index) => index > 0 && !prefix.startsWith(prefixes[index - 1] ?? '')).length;
  return { prefixes, slides, contexts };
}

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `const value${index} = ${index};\n`).join('');

describe('an anchored prompt', () => {
  it('slides once in several lines instead of at every line, and never over the budget', () => {
    const { prefixes, slides } = typeThrough(lines(10), lines(20));
    expect(slides).toBeLessThanOrEqual(5);
    for (const prefix of prefixes) expect(countTokens(prefix)).toBeLessThanOrEqual(budgetTokens);
  });

  it('does not slide within a line that fits', () => {
    expect(typeThrough('const x = 1;', lines(20)).slides).toBe(0);
  });

  it('keeps its context for a few lines', () => {
    expect(typeThrough(lines(2), lines(20)).contexts).toBeLessThanOrEqual(3);
  });

  it('shows a short file from its beginning', () => {
    expect(typeThrough('const x', lines(2)).prefixes.at(-1)).toBe(`${lines(2)}const x`);
  });

  it('moves with the cursor', () => {
    const text = lines(40);
    const far = anchoredPrompt(null, freshAt(text, text.length), { countTokens, freshContext: () => [] });
    const near = anchoredPrompt(far.anchor, freshAt(text, lines(5).length), { countTokens, freshContext: () => [] });
    expect(text.slice(0, lines(5).length).endsWith(near.prompt.prefix)).toBe(true);
    expect(near.prompt.prefix.length).toBeGreaterThan(50);
  });
});
