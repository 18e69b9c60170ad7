// The ring of places seen lately.
import { describe, expect, it } from 'vitest';
import { emptyRing, withChunkAround, type ContextRing } from '../../../server/completion/contextRing.ts';

const text = (name: string, lines = 100): string => Array.from({ length: lines }, (_, line) => `${name} line ${line};`).join('\n');
const add = (ring: ContextRing, name: string, offset = 0): ContextRing => withChunkAround(ring, { folder: '/r', path: `${name}.ts`, text: text(name), offset });

describe('the ring of chunks', () => {
  it('takes 64 lines around the place', () => {
    const [chunk] = add(emptyRing, 'a', text('a').length / 2).chunks;
    expect(chunk?.lines.size).toBe(64);
    expect(chunk?.lines.has('a line 50;')).toBe(true);
  });

  it('replaces what is almost the same', () => {
    expect(add(add(emptyRing, 'a', 0), 'a', 20).chunks).toHaveLength(1);
    expect(add(add(emptyRing, 'a', 0), 'b', 0).chunks).toHaveLength(2);
  });

  it('keeps the newest sixteen', () => {
    const names = Array.from({ length: 20 }, (_, index) => `file${index}`);
    const { chunks } = names.reduce((ring, name) => add(ring, name), emptyRing);
    expect(chunks).toHaveLength(16);
    expect(chunks[0]?.path).toBe('file4.ts');
  });
});
