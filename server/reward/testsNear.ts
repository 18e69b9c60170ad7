// Which test files are likeliest to notice that a declaration went wrong. Each try of the wrong one costs a run, so they are ordered: those that name the
// declaration, then those that the fewest imports separate from it, then the one that is called like its file.
import { basename } from 'node:path/posix';
import type { Declaration } from '../syntax/declaration.ts';
import type { ImportGraph } from '../syntax/importGraph.ts';

export interface TestFiles {
  readonly paths: readonly string[];
  readonly textOf: (path: string) => string;
  readonly graph: ImportGraph;
}

/** At most `most` test files that import the declaration's file, directly or not; of a test file itself. Each test file is read once. */
export function testsNear({ paths, textOf, graph }: TestFiles): (declaration: Pick<Declaration, 'path' | 'name'>, most: number) => string[] {
  const words = new Map<string, ReadonlySet<string>>();
  const wordsIn = (path: string): ReadonlySet<string> => {
    const known = words.get(path) ?? wordsOf(textOf(path));
    words.set(path, known);
    return known;
  };
  const isTest = new Set(paths);
  return ({ path, name }, most) => {
    if (isTest.has(path)) return [path];
    return graph
      .reaching(path)
      .filter((file) => isTest.has(file.path))
      .map((file) => ({ ...file, names: wordsIn(file.path).has(name), isCalledLike: stemOf(file.path) === stemOf(path) }))
      .sort((a, b) => Number(b.names) - Number(a.names) || a.steps - b.steps || Number(b.isCalledLike) - Number(a.isCalledLike) || (a.path < b.path ? -1 : 1))
      .slice(0, most)
      .map((file) => file.path);
  };
}

/** A file that tests are helped by, such as `test/helpers.ts`: assertions may live there, and a model that rewrites an assertion judges itself. */
export function isTestSupport(path: string): boolean {
  return /(?:^|\/)(?:tests?|specs?|__tests__)\//.test(path);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
}

/** `tags` of `src/tags.ts`, `test/tags.test.ts` and `test/test_tags.py`. */
function stemOf(path: string): string {
  return basename(path).replace(/^test[_-]/, '').replace(/(?:[._-](?:test|spec|tests))?\.\w+$/, '');
}
