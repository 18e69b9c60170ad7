// What tree-sitter tells the rest of Graft about code, as plain values. `loadSyntax` (loadSyntax.ts) makes one.
// Broken code is ordinary input: nothing here throws because a file does not parse, and unsupported languages give empty lists.
import type { TextRange } from '../base/textRange.ts';
import type { Change, Declaration, FileVersions, Reference } from './declaration.ts';
import type { ImportGraph } from './importGraph.ts';
import type { Import } from './imports.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Places inside a declaration that can be masked and filled in. Ranges are of whole syntax nodes, in order, without surrounding white space. */
export interface Maskable {
  /** Calls, conditions, right-hand sides, arguments, returned values; not single names or literals. */
  readonly expressions: readonly TextRange[];
  /** One statement on one line. */
  readonly lines: readonly TextRange[];
  /** What stands inside the braces (or the indented suite) of an if, loop, try or callback; braces excluded. */
  readonly blocks: readonly TextRange[];
  /** The declaration's body; null where it has none. */
  readonly body: TextRange | null;
}

/** A call or mention of a name, with the declaration it stands in (null: top level of the file). */
export interface Caller {
  readonly reference: Reference;
  readonly enclosing: Declaration | null;
}

export interface Syntax {
  supports(path: string): boolean;
  /** Top-level declarations, members of classes and of namespaces, in source order; a class comes before its members. */
  declarations(path: string, text: string): readonly Declaration[];
  /** The innermost declaration around an offset. */
  enclosing(path: string, text: string, offset: number): Declaration | null;
  changes(files: readonly FileVersions[]): Change[];
  /** Identifiers in code (not in comments or strings, and not the declaring name itself); all, or those with a name. */
  references(path: string, text: string, name?: string): readonly Reference[];
  callers(name: string, files: readonly SourceFile[]): Caller[];
  imports(path: string, text: string): readonly Import[];
  /** Which of these files import which, through relative specifiers. */
  importGraph(files: readonly SourceFile[]): ImportGraph;
  maskable(path: string, text: string, declaration: Declaration): Maskable;
  /** Ranges where the parser met an error or had to invent a token; empty for well-formed code. */
  errors(path: string, text: string): TextRange[];
  /** Comments, in order. */
  comments(path: string, text: string): TextRange[];
  /** Frees the parsers. */
  dispose(): void;
}
