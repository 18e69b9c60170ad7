// Import statements as values, from grammars/<language>/imports.scm.
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../base/textRange.ts';
import type { Parsed } from './parsers.ts';

export interface Import {
  /** As written, without quotes; in Python `.pkg.module` (dots kept) or `pkg.module`. */
  readonly specifier: string;
  /** `imported` is '*' for namespaces, 'default' for default imports; empty list: imported for its effects. */
  readonly names: readonly { readonly imported: string; readonly local: string }[];
  readonly range: TextRange;
}

/** `import`, `export … from`, `require(…)` and `import(…)` with a literal, in source order. */
export function importsOf({ matches }: Parsed): Import[] {
  const found = new Map<number, { specifier: string; names: { imported: string; local: string }[]; range: TextRange }>();
  const names: { readonly at: Node; readonly imported: string; readonly local: string }[] = [];
  for (const { captures } of matches('imports')) {
    const node = (name: string): Node | undefined => captures.find((capture) => capture.name === name)?.node;
    const statement = node('import');
    const specifier = node('specifier');
    if (statement && specifier && !found.has(specifier.startIndex)) {
      const range = { start: statement.startIndex, end: statement.endIndex };
      found.set(specifier.startIndex, { specifier: specifier.text, names: [], range });
    }
    const imported = node('imported');
    const byDefault = node('default');
    const namespace = node('namespace');
    if (imported) names.push({ at: imported, imported: imported.text, local: node('local')?.text ?? imported.text });
    if (byDefault) names.push({ at: byDefault, imported: 'default', local: byDefault.text });
    if (namespace) names.push({ at: namespace, imported: '*', local: namespace.text });
  }
  const imports = [...found.values()].sort((a, b) => a.range.start - b.range.start);
  for (const { at, imported, local } of names) {
    const owners = imports.filter(({ range }) => range.start <= at.startIndex && at.endIndex <= range.end);
    // `import a, b` in Python is one statement with a module per name: each name belongs to its own module.
    (owners.find(({ specifier }) => owners.length > 1 && at.text === specifier) ?? owners.at(-1))?.names.push({ imported, local });
  }
  return imports;
}
