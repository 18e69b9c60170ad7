// What became of a suggestion, one record per event; the language server appends them to the repository's feedback file.
// `kept` and `changed` say whether the accepted text still stands after so many seconds: acceptance alone is no evidence of use.

export interface FeedbackRecord {
  readonly id: string;
  readonly atMs: number;
  readonly event:
    | { readonly kind: 'shown'; readonly milliseconds: number }
    | { readonly kind: 'accepted' }
    /** Characters from the start of the text. */
    | { readonly kind: 'partlyAccepted'; readonly length: number }
    | { readonly kind: 'rejected'; readonly why: 'typedOver' | 'leftUnused' }
    | { readonly kind: 'kept' | 'changed'; readonly afterSeconds: number };
  readonly folder: string;
  readonly path: string;
  /** Null: the base model. */
  readonly version: string | null;
  readonly confidence: number;
  readonly text: string;
}

/** The user typed other code than a suggestion of low confidence: the next sleep cycle may learn what stands there now. */
export interface Surprise {
  readonly folder: string;
  readonly path: string;
  readonly version: string | null;
  readonly atMs: number;
  readonly confidence: number;
  readonly suggested: string;
  /** The line as it stands ten seconds later. */
  readonly written: string;
}
