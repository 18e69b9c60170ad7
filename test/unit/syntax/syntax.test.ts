// Questions about whole files and sets of files.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { resolveImport } from '../../../server/syntax/resolveImport.ts';
import { readCorpus } from '../../support/corpus.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';

const syntax = await loadedSyntax();

describe('enclosing', () => {
  const text = 'class Shop {\n  open() { return 1; }\n}\nconst limit = 3;\n\nrun();\n';
  it.each([
    ['return 1', 'Shop.open'],
    ['class', 'Shop'],
    ['limit', 'limit'],
    ['run()', null],
  ])('of `%s` is %s', (needle, expected) => {
    expect(syntax.enclosing('a.ts', text, text.indexOf(needle))?.qualifiedName ?? null).toBe(expected);
  });
});

describe('callers', () => {
  it('names each use with the declaration it stands in', () => {
    const files = [
      { path: 'a.ts', text: 'export function price() { return 1; }\n' },
      { path: 'b.ts', text: "import { price } from './a.ts';\nfunction total() { return price() * 2; }\nconst reference = price;\nprice();\n" },
      { path: 'c.py', text: 'def other():\n    return shop.price(1)\n' },
      { path: 'd.md', text: 'price()' },
    ];
    const found = syntax.callers('price', files).map(({ reference, enclosing }) => [reference.path, reference.isCall, enclosing?.qualifiedName ?? null]);
    expect(found).toEqual([
      ['b.ts', false, null],
      ['b.ts', true, 'total'],
      ['b.ts', false, 'reference'],
      ['b.ts', true, null],
      ['c.py', true, 'other'],
    ]);
  });
});

describe('resolving imports', () => {
  const files = new Set(['src/a.ts', 'src/b.tsx', 'src/c/index.ts', 'src/d.js', 'src/e.d.ts', 'src/f.mts', 'index.ts', 'pkg/__init__.py', 'pkg/m.py', 'pkg/sub/n.py', 'src/lib/q.py']);
  it.each([
    ['src/x.ts', './a', 'src/a.ts'],
    ['src/x.ts', './a.ts', 'src/a.ts'],
    ['src/x.ts', './a.js', 'src/a.ts'],
    ['src/x.ts', './b.js', 'src/b.tsx'],
    ['src/x.ts', './c', 'src/c/index.ts'],
    ['src/x.ts', './d', 'src/d.js'],
    ['src/x.ts', './e', 'src/e.d.ts'],
    ['src/x.ts', './f.mjs', 'src/f.mts'],
    ['src/x.ts', '..', 'index.ts'],
    ['src/c/x.ts', '../a', 'src/a.ts'],
    ['src/x.ts', '../../outside', null],
    ['src/x.ts', 'react', null],
    ['src/x.ts', './missing', null],
    ['pkg/x.py', '.m', 'pkg/m.py'],
    ['pkg/sub/n.py', '..m', 'pkg/m.py'],
    ['pkg/sub/n.py', '..', 'pkg/__init__.py'],
    ['tests/t.py', 'pkg.sub.n', 'pkg/sub/n.py'],
    ['tests/t.py', 'lib.q', 'src/lib/q.py'],
    ['tests/t.py', 'os.path', null],
  ])('from %s, %s is %s', (from, specifier, expected) => {
    expect(resolveImport(from, specifier, (path) => files.has(path))).toBe(expected);
  });
});

describe('import graph', () => {
  it('finds the tests that reach a file, nearest first, through circles', () => {
    const graph = syntax.importGraph([
      { path: 'src/price.ts', text: "import './cart.ts';\n" },
      { path: 'src/cart.ts', text: "import { price } from './price.js';\nexport * from './cart.ts';\n" },
      { path: 'test/price.test.ts', text: "import { price } from '../src/price';\nimport { test } from 'vitest';\n" },
      { path: 'test/cart.test.ts', text: "const cart = await import('../src/cart.ts');\n" },
      { path: 'test/other.test.ts', text: 'export {};\n' },
    ]);
    expect(graph.reaching('src/price.ts')).toEqual([
      { path: 'src/cart.ts', steps: 1 },
      { path: 'test/price.test.ts', steps: 1 },
      { path: 'test/cart.test.ts', steps: 2 },
    ]);
    expect(graph.importsOf('src/cart.ts')).toEqual(['src/price.ts']);
    expect(graph.importersOf('src/price.ts')).toEqual(['src/cart.ts', 'test/price.test.ts']);
    expect(graph.reaching('nowhere.ts')).toEqual([]);
  });

  it('follows Python modules named after `from package import`', () => {
    const graph = syntax.importGraph([
      { path: 'shop/__init__.py', text: '' },
      { path: 'shop/price.py', text: '' },
      { path: 'tests/test_price.py', text: 'from shop import price\n' },
      { path: 'shop/cart.py', text: 'from .price import total\n' },
    ]);
    expect(graph.importersOf('shop/price.py')).toEqual(['shop/cart.py', 'tests/test_price.py']);
  });
});

describe('references by name', () => {
  it('are words of their own, also where longer ones begin or end with them', () => {
    const at = (text: string, name: string) => syntax.references('a.ts', text, name).map(({ range }) => range.start);
    expect(at('unprice(priced, price$, éprice);\n', 'price')).toEqual([]);
    expect(at('unprice(price);\n', 'price')).toEqual([8]);
    expect(at('goods.price+price', 'price')).toEqual([6, 12]);
  });
});

describe('errors and comments', () => {
  it('are empty for sound code and found in broken code', () => {
    expect(syntax.errors('a.ts', 'const a = 1;\n')).toEqual([]);
    expect(syntax.errors('a.ts', 'const a = ;\n')).not.toEqual([]);
    expect(syntax.errors('a.ts', 'function f() {\n')).not.toEqual([]);
    expect(syntax.errors('a.py', 'def f(:\n')).not.toEqual([]);
  });

  it('tell comments from strings', () => {
    const text = "// one\nconst a = '// no'; /* two */\n";
    expect(syntax.comments('a.ts', text).map(({ start, end }) => text.slice(start, end))).toEqual(['// one', '/* two */']);
  });
});

describe('any text', () => {
  it('in an unsupported language gives nothing', () => {
    expect(syntax.supports('a.rs')).toBe(false);
    expect(syntax.declarations('a.rs', 'fn main() {}')).toEqual([]);
    expect(syntax.references('Makefile', 'all: build')).toEqual([]);
    expect(syntax.imports('a.md', "import x from './y'")).toEqual([]);
  });

  it.each([
    ['unclosed brackets', 'a.ts', `x=${'('.repeat(100_000)}`],
    ['nested brackets', 'a.py', `x=${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a chain of arrows', 'a.ts', `const f=${'x=>'.repeat(20_000)}1`],
    ['unclosed tags', 'a.tsx', '<a>'.repeat(20_000)],
  ])('of %s ends, and the next file is read as ever', (_, path, text) => {
    syntax.changes([{ path, oldPath: path, before: text, after: `${text} ` }]);
    for (const read of ['references', 'imports', 'errors', 'comments'] as const) expect(syntax[read](path, text)).toBeInstanceOf(Array);
    expect(syntax.declarations('b.ts', 'function next() {}').map(({ name }) => name)).toEqual(['next']);
  });

  const sources = ['typescript', 'javascript', 'python'].flatMap((language) =>
    readCorpus(language, 'declarations').flatMap(({ sections }) => sections.map(({ name, text }) => ({ path: name, text }))),
  );

  it('cut and spliced anywhere throws nowhere, and ranges stay inside the text', () => {
    const seed = 20_240_601;
    const random = new Random(seed);
    for (let round = 0; round < 300; round++) {
      const { path, text } = random.pick(sources);
      const other = random.pick(sources).text;
      const cut = random.int(text.length + 1);
      const broken = text.slice(0, cut) + other.slice(random.int(other.length + 1)) + random.pick(['', '\uD800', '\0', '`', '{', 'é😀']);
      const declarations = syntax.declarations(path, broken);
      for (const declaration of declarations) {
        const { range, body } = declaration;
        expect(broken.slice(range.start, range.end), `seed ${seed}, round ${round}`).toBe(declaration.text);
        if (body) expect(body.start >= range.start && body.end <= range.end && body.start <= body.end, `seed ${seed}, round ${round}`).toBe(true);
        syntax.maskable(path, broken, declaration);
      }
      syntax.changes([{ path, oldPath: path, before: text, after: broken }]);
      syntax.references(path, broken);
      syntax.imports(path, broken);
      syntax.errors(path, broken);
    }
  });
});
