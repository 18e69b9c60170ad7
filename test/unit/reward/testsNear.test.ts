// A span is tried by the test that is likeliest to notice it, since each try of another costs a run.
import { describe, expect, it } from 'vitest';
import { isTestSupport, testsNear } from '../../../server/reward/testsNear.ts';
import { importGraphOf } from '../../../server/syntax/importGraph.ts';

const texts = {
  'src/tags.ts': 'export function tagsOf() {}\nexport function addTag() {}\nfunction sorted() {}',
  'src/report.ts': "import { tagsOf } from './tags.ts';",
  'test/a.test.ts': "import { addTag } from '../src/tags.ts';\ntest('adds', () => addTag());",
  'test/tags.test.ts': "import * as tags from '../src/tags.ts';\ntest('tags', () => tags.addTag());",
  'test/report.test.ts': "import '../src/report.ts';\ntest('reports', () => tagsOf());",
  'test/other.test.ts': "import '../src/other.ts';\ntest('tagsOf sorted', () => {});",
};
const specifiers = (text: string): string[] => [...text.matchAll(/'(\.[^']+)'/g)].map((match) => match[1] ?? '');
const graph = importGraphOf(Object.entries(texts).map(([path, text]) => ({ path, imports: specifiers(text).map((specifier) => ({ specifier, names: [], range: { start: 0, end: 0 } })) })));
const paths = Object.keys(texts).filter((path) => path.endsWith('.test.ts'));
const testsOf = testsNear({ paths, textOf: (path) => texts[path as keyof typeof texts], graph });
const near = (name: string, most = 3) => testsOf({ path: 'src/tags.ts', name }, most);

describe('testsNear', () => {
  it('takes a test that names the declaration before one that is nearer', () => {
    expect(near('tagsOf')).toEqual(['test/report.test.ts', 'test/tags.test.ts', 'test/a.test.ts']);
  });

  it('takes the one that is called like the file where nothing else tells them apart', () => {
    expect(near('sorted')).toEqual(['test/tags.test.ts', 'test/a.test.ts', 'test/report.test.ts']);
    expect(near('addTag', 1)).toEqual(['test/tags.test.ts']);
  });

  it('never takes one that does not reach the code, and of a test file itself', () => {
    expect(near('tagsOf', 9)).not.toContain('test/other.test.ts');
    expect(testsOf({ path: 'test/a.test.ts', name: 'x' }, 2)).toEqual(['test/a.test.ts']);
  });

  it('knows what helps tests by its folder', () => {
    expect(['test/assertFails.ts', 'packages/a/__tests__/setup.ts', 'src/test/kit.ts'].map(isTestSupport)).toEqual([true, true, true]);
    expect(['src/latest/a.ts', 'src/testing.ts', 'src/spec.ts'].map(isTestSupport)).toEqual([false, false, false]);
  });
});
