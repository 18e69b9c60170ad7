// `Syntax` over tree-sitter: each method parses (or finds the tree in the cache) and asks one function of this folder.
import type { TextRange } from '../base/textRange.ts';
import { changesOf } from './changes.ts';
import type { Change, Declaration, FileVersions, Reference } from './declaration.ts';
import { declarationsOf } from './declarations.ts';
import { commentsOf, errorsOf } from './errors.ts';
import { importGraphOf } from './importGraph.ts';
import type { ImportGraph } from './importGraph.ts';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import { maskableOf } from './maskable.ts';
import { innermost } from './innermost.ts';
import type { Parsed, Parsers } from './parsers.ts';
import { referencesOf } from './references.ts';
import type { Caller, Maskable, SourceFile, Syntax } from './syntax.ts';

export class TreeSitterSyntax implements Syntax {
  constructor(private readonly parsers: Parsers) {}

  supports(path: string): boolean {
    return this.parsers.supports(path);
  }

  declarations(path: string, text: string): Declaration[] {
    return this.ask(path, text, declarationsOf);
  }

  enclosing(path: string, text: string, offset: number): Declaration | null {
    return innermost(this.declarations(path, text), offset);
  }

  changes(files: readonly FileVersions[]): Change[] {
    return changesOf(
      files.map((file) => ({
        path: file.path,
        oldPath: file.oldPath,
        before: file.before === null ? [] : this.declarations(file.oldPath, file.before),
        after: file.after === null ? [] : this.declarations(file.path, file.after),
        afterText: file.after ?? '',
      })),
    );
  }

  references(path: string, text: string, name?: string): Reference[] {
    // A file that never spells the name needs no parsing: most files of a repository, for most names.
    if (name !== undefined && !text.includes(name)) return [];
    const references = this.ask(path, text, referencesOf);
    return name === undefined ? references : references.filter((reference) => reference.name === name);
  }

  callers(name: string, files: readonly SourceFile[]): Caller[] {
    return files.flatMap(({ path, text }) => {
      const references = this.references(path, text, name);
      if (references.length === 0) return [];
      const declarations = this.declarations(path, text);
      return references.map((reference) => ({ reference, enclosing: innermost(declarations, reference.range.start) }));
    });
  }

  imports(path: string, text: string): Import[] {
    return this.ask(path, text, importsOf);
  }

  importGraph(files: readonly SourceFile[]): ImportGraph {
    return importGraphOf(files.map(({ path, text }) => ({ path, imports: this.imports(path, text) })));
  }

  maskable(path: string, text: string, declaration: Declaration): Maskable {
    const parsed = this.parsers.parse(path, text);
    return parsed === null ? { expressions: [], lines: [], blocks: [], body: null } : maskableOf(parsed, declaration);
  }

  errors(path: string, text: string): TextRange[] {
    return this.ask(path, text, errorsOf);
  }

  comments(path: string, text: string): TextRange[] {
    return this.ask(path, text, commentsOf);
  }

  dispose(): void {
    this.parsers.dispose();
  }

  private ask<T>(path: string, text: string, read: (parsed: Parsed) => T[]): T[] {
    const parsed = this.parsers.parse(path, text);
    return parsed === null ? [] : read(parsed);
  }
}
