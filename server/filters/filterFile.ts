// A file as the filters look at it. `BlobContent` of server/git fits.

export interface FilterFile {
  readonly path: string;
  /** As git read it; `text` only for `kind: 'text'`. */
  readonly content:
    | { readonly kind: 'text'; readonly text: string; readonly lossy: boolean }
    | { readonly kind: 'binary' | 'tooLarge' | 'missing' };
}
