// Which declarations are held out: for good, by what they are.
import { describe, expect, it } from 'vitest';
import type { Declaration } from '../../../server/syntax/declaration.ts';
import { heldOutRanges, isHeldOut } from '../../../server/syntax/heldOut.ts';
import { normalisedCode } from '../../../server/syntax/normalisedCode.ts';
import { present } from '../../../server/base/assert.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';

const syntax = await loadedSyntax();
const only = (path: string, text: string): Declaration => present(syntax.declarations(path, text)[0]);
const functionNamed = (name: string): string => `export function ${name}(a: number) {\n  return a * ${name.length} + 1;\n}\n`;
const names = Array.from({ length: 2_000 }, (_, i) => `name${i * 7919}`);

describe('held-out declarations', () => {
  it('are one in five', () => {
    const share = names.filter((name) => isHeldOut(only('a.ts', functionNamed(name)))).length / names.length;
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
  });

  it('are the same on every machine and in every version of Graft', () => {
    const held = names.slice(0, 30).filter((name) => isHeldOut(only('a.ts', functionNamed(name))));
    expect(held).toEqual(['name39595', 'name95028', 'name182137', 'name197975']);
  });

  const original = 'export function total(items: Item[]) {\n  // Sum of prices.\n  return items.reduce((sum, item) => sum + item.price, 0);\n}\n';
  it.each([
    ['white space', 'export function total(items: Item[]) {\n\n      return items\n        .reduce((sum, item) => sum + item.price, 0);\n}\n'],
    ['comments', '/** Totals. */\nexport function total(items: Item[]) {\n  return items.reduce(/* fold */ (sum, item) => sum + item.price, 0); // done\n}\n'],
    ['export and parameters', 'function total(items: readonly Item[]) {\n  return items.reduce((sum, item) => sum + item.price, 0);\n}\n'],
  ])('do not depend on %s', (_, text) => {
    const key = (declaration: Declaration): string => {
      const { body, range } = declaration;
      return normalisedCode('a.ts', declaration.text.slice((body?.start ?? 0) - range.start, (body?.end ?? 0) - range.start));
    };
    expect(key(only('a.ts', text))).toBe(key(only('a.ts', original)));
    expect(isHeldOut(only('other/b.ts', text))).toBe(isHeldOut(only('a.ts', original)));
  });

  it('are never classes, but members one by one', () => {
    const text = `class Shop {\n${names.slice(0, 40).map((name) => `  ${name}() { return ${name.length}; }\n`).join('')}}\n`;
    const declarations = syntax.declarations('a.ts', text);
    const ranges = heldOutRanges(declarations);
    expect(isHeldOut(present(declarations[0]))).toBe(false);
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges.length).toBeLessThan(20);
  });
});

describe('normalised code', () => {
  it.each([
    ['a.ts', 'return  a +\n  b ;', 'return a+b;'],
    ['a.ts', 'a + +b; a++; b - -c', 'a+ +b;a++;b- -c'],
    ['a.ts', 'x = "two  spaces // no comment"', 'x="two  spaces // no comment"'],
    ['a.ts', 'x = `a ${ b /* c */ } // d`', 'x=`a ${ b /* c */ } // d`'],
    ['a.ts', 'x = /[/*]\\/ a/g; // gone', 'x=/[/*]\\/ a/g;'],
    ['a.ts', 'x = a / b / c /* gone */', 'x=a/b/c'],
    ['a.ts', "x = 'never closed\ny", "x='never closed y"],
    ['a.ts', '/* never closed', ''],
    ['a.py', 'x = 1  # gone\ny = "#kept"', 'x=1 y="#kept"'],
    ['a.py', 'x = """a # b\n  c"""', 'x="""a # b\n  c"""'],
  ])('%s: %s', (path, code, expected) => expect(normalisedCode(path, code)).toBe(expected));
});
