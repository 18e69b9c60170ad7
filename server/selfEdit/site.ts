// A site: a place in a file after the commit that a pair will ask to be filled in. Every structural pair is one masked site.
import type { StructuralForm } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';

export interface Site {
  readonly form: StructuralForm;
  readonly path: string;
  readonly masked: TextRange;
  /** Qualified name of what it teaches; empty outside declarations. */
  readonly declaration: string;
  /** More of the file that the prompt leaves out, as at the moment of typing (the body under a signature). */
  readonly unwritten?: TextRange;
}

/** Sites that teach one change, in the order in which they are worth it, per form. */
export interface SiteGroup {
  readonly declaration: string;
  readonly sites: Readonly<Partial<Record<StructuralForm, readonly Site[]>>>;
}

export function overlaps(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}
