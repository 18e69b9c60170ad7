// `Syntax` over tree-sitter: each method parses (or remembers what it read of that text) and asks one function of this folder.
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
import { rememberedReading, type Reading } from './rememberedReading.ts';
import { referencesOf } from './references.ts';
import type { Caller, Maskable, SourceFile, Syntax } from './syntax.ts';

/** All files that a cycle reads; references are many more than declarations, and asked for few files at a time. */
const rememberedFiles = { declarations: 2_000, imports: 2_000, references: 200 };

export class TreeSitterSyntax implements Syntax {
  readonly declarations: Reading<Declaration>;
  readonly imports: Reading<Import>;
  private readonly allReferences: Reading<Reference>;

  constructor(private readonly parsers: Parsers) {
    this.declarations = rememberedReading((path, text) => this.ask(path, text, declarationsOf), rememberedFiles.declarations);
    this.imports = rememberedReading((path, text) => this.ask(path, text, importsOf), rememberedFiles.imports);
    this.allReferences = rememberedReading((path, text) => this.ask(path, text, referencesOf), rememberedFiles.references);
  }

  supports(path: string): boolean {
    return this.parsers.supports(path);
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

  references(path: string, text: string, name?: string): readonly Reference[] {
    // A file that never spells the name, or only within longer ones, needs no parsing: most files of a repository, for most names.
    if (name !== undefined && !spellsName(text, name)) return [];
    const references = this.allReferences(path, text);
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

/** Whether the name stands somewhere as a word of its own. */
function spellsName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + name.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{ID_Continue}$]/u.test(character);
}
