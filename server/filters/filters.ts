// What may be learnt. Every refusal has a reason; null means that nothing speaks against it.
import type { Refusal } from './refusal.ts';

export interface FilterFile {
  readonly path: string;
  /** As git read it; `text` only for `kind: 'text'`. */
  readonly content:
    | { readonly kind: 'text'; readonly text: string; readonly lossy: boolean }
    | { readonly kind: 'binary' | 'tooLarge' | 'missing' };
}

export interface Filters {
  /** The cheap half: by path alone, before anything is read. */
  refusePath(path: string): Refusal | null;
  /** Path, content and secrets. */
  refuseFile(file: FilterFile): Promise<Refusal | null>;
  /** A text that a pair would teach or a prompt would show (a secret can be split off from a clean-looking file). */
  refuseText(path: string, text: string): Promise<Refusal | null>;
  refuseAuthor(commit: { readonly id: string; readonly authorEmail: string }): Refusal | null;
}
