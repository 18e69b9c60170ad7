// Declarations and changes as plain values: what a commit did to code, in the words of DESIGN.md.
import type { TextRange } from '../base/textRange.ts';

export type DeclarationKind = 'function' | 'method' | 'class' | 'interface' | 'type' | 'enum' | 'constant';

export interface Declaration {
  readonly kind: DeclarationKind;
  readonly name: string;
  /** `Class.method` for members, else the name. */
  readonly qualifiedName: string;
  readonly path: string;
  /** The whole declaration, leading documentation comment and `export` included. */
  readonly range: TextRange;
  /** What is inside the braces (or the value of a constant); absent where there is none. */
  readonly body?: TextRange;
  /** The declaration without its body, on one line, white space folded. */
  readonly signature: string;
  readonly text: string;
  readonly exported: boolean;
  readonly parameters: readonly string[];
  readonly returnType?: string;
}

export type ChangeKind = 'added' | 'altered' | 'renamed' | 'removed' | 'moved';

export interface Change {
  readonly kind: ChangeKind;
  /** Absent for `added`. */
  readonly before?: Declaration;
  /** Absent for `removed`. */
  readonly after?: Declaration;
  /** Zero-based line numbers in the file after the commit that the commit added or altered inside `after`. */
  readonly changedLines: readonly number[];
}

/** A place that names a declaration. */
export interface Reference {
  readonly path: string;
  readonly name: string;
  readonly range: TextRange;
  /** True for `name(...)` and `new name(...)`. */
  readonly isCall: boolean;
}

export type { FileVersions } from '../base/fileVersions.ts';
