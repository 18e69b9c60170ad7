// What is read of a file once, and what is read again.
import { expect, it } from 'vitest';
import { rememberedReading } from '../../../server/syntax/rememberedReading.ts';

function counted(files: number) {
  const asked: string[] = [];
  const read = rememberedReading((path, text) => (asked.push(`${path}:${text}`), [`${path} is ${text}`]), files);
  return { asked, read };
}

it('reads a file again only when its text has changed', () => {
  const { asked, read } = counted(8);
  expect([read('a', 'x'), read('b', 'x'), read('a', 'x'), read('a', 'y'), read('a', 'x')]).toEqual([['a is x'], ['b is x'], ['a is x'], ['a is y'], ['a is x']]);
  expect(asked).toEqual(['a:x', 'b:x', 'a:y', 'a:x']);
});

it('forgets the file that was not asked for longest', () => {
  const { asked, read } = counted(2);
  for (const path of ['a', 'b', 'a', 'c', 'a', 'b']) read(path, 'x');
  expect(asked).toEqual(['a:x', 'b:x', 'c:x', 'b:x']);
});
