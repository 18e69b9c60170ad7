// What is remembered of a place, and for whom.
import { describe, expect, it } from 'vitest';
import { SuggestionCache, type Place } from '../../../server/completion/suggestionCache.ts';

const place = (prefix: string, more: Partial<Place> = {}): Place => ({ folder: '/r', path: 'a.ts', prefix, suffix: '\n', servedBy: 'v1', ...more });
const filled = (capacity?: number): SuggestionCache<string> => {
  const cache = new SuggestionCache<string>((value) => value, capacity);
  cache.store(place('const a = '), 'sum(b);');
  return cache;
};

describe('suggestion cache', () => {
  const cases: readonly [title: string, place: Place, found: string | undefined][] = [
    ['finds the same place', place('const a = '), 'sum(b);|'],
    ['finds what is typed through', place('const a = su'), 'sum(b);|su'],
    ['not what is typed to its end', place('const a = sum(b);'), undefined],
    ['not what is typed otherwise', place('const a = so'), undefined],
    ['not another text before', place('let   a = su'), undefined],
    ['not another text after', place('const a = ', { suffix: ')' }), undefined],
    ['not another file', place('const a = ', { path: 'b.ts' }), undefined],
    ['not another version', place('const a = ', { servedBy: 'v2' }), undefined],
  ];
  it.each(cases)('%s', (_, wanted, found) => {
    const hit = filled().find(wanted);
    expect(hit && `${hit.value}|${hit.typed}`).toBe(found);
  });

  it('prefers the newer of two', () => {
    const cache = filled();
    cache.store(place('const a = s'), 'um(newer);');
    expect(cache.find(place('const a = su'))?.value).toBe('um(newer);');
  });

  it('finds nothing said at its own place only', () => {
    const cache = new SuggestionCache<string>((value) => value);
    cache.store(place('a'), '');
    expect(cache.find(place('a'))).toEqual({ value: '', typed: '' });
    expect(cache.find(place('ab'))).toBeUndefined();
  });

  it('forgets the least recently used', () => {
    const cache = filled(2);
    cache.store(place('b'), 'second');
    cache.find(place('const a = '));
    cache.store(place('c'), 'third');
    expect(cache.find(place('b'))).toBeUndefined();
    expect(cache.find(place('const a = '))?.value).toBe('sum(b);');
  });

  it('is cleared for one folder', () => {
    const cache = filled();
    cache.store(place('x', { folder: '/s' }), 'other');
    cache.clear('/r');
    expect(cache.find(place('const a = '))).toBeUndefined();
    expect(cache.find(place('x', { folder: '/s' }))?.value).toBe('other');
  });
});
