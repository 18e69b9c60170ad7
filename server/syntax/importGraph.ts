// Which files of a repository reach which, through their imports: how `reward` finds the tests that touch a file.
import { languageOf } from './languages.ts';
import type { Import } from './imports.ts';
import { resolveImport } from './resolveImport.ts';

export interface ImportGraph {
  /** Files that this one imports directly, sorted. */
  importsOf(path: string): readonly string[];
  /** Files that import this one directly, sorted. */
  importersOf(path: string): readonly string[];
  /** Files whose imports lead here, nearest first (itself not included), with the number of steps. */
  reaching(path: string): readonly { readonly path: string; readonly steps: number }[];
}

export function importGraphOf(files: readonly { readonly path: string; readonly imports: readonly Import[] }[]): ImportGraph {
  const paths = new Set(files.map(({ path }) => path));
  const imports = new Map<string, Set<string>>();
  const importers = new Map<string, Set<string>>();
  for (const { path, imports: statements } of files) {
    const targets = new Set(statements.flatMap((statement) => targetsOf(path, statement, (candidate) => paths.has(candidate))));
    targets.delete(path);
    imports.set(path, targets);
    for (const target of targets) importers.set(target, (importers.get(target) ?? new Set<string>()).add(path));
  }
  const sorted = (set: ReadonlySet<string> | undefined): string[] => [...(set ?? [])].sort();
  return {
    importsOf: (path) => sorted(imports.get(path)),
    importersOf: (path) => sorted(importers.get(path)),
    reaching(path) {
      const steps = new Map([[path, 0]]);
      // A map iterates over what is added while it iterates: this is breadth first.
      for (const [reached, count] of steps) {
        for (const importer of sorted(importers.get(reached))) if (!steps.has(importer)) steps.set(importer, count + 1);
      }
      steps.delete(path);
      return [...steps].map(([reached, count]) => ({ path: reached, steps: count }));
    },
  };
}

function targetsOf(path: string, statement: Import, exists: (path: string) => boolean): string[] {
  const target = resolveImport(path, statement.specifier, exists);
  const found = target === null ? [] : [target];
  if (languageOf(path) !== 'python') return found;
  // `from package import module` names a file too.
  const separator = statement.specifier.endsWith('.') ? '' : '.';
  const modules = statement.names.flatMap(({ imported }) =>
    imported === '*' ? [] : [resolveImport(path, `${statement.specifier}${separator}${imported}`, exists)],
  );
  return [...found, ...modules.filter((module) => module !== null)];
}
