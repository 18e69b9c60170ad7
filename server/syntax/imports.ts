// An import statement as a value, and which file of the repository a relative specifier means.
import type { TextRange } from '../base/textRange.ts';

export interface Import {
  /** As written, without quotes; in Python `.pkg.module` (dots kept) or `pkg.module`. */
  readonly specifier: string;
  /** `imported` is '*' for namespaces, 'default' for default imports; empty list: imported for its effects. */
  readonly names: readonly { readonly imported: string; readonly local: string }[];
  readonly range: TextRange;
}
