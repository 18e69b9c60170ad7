// Why a file or commit is not learnt from. The union is closed: every refusal that a review shows is one of these.

export type RefusalReason =
  | 'generated'
  | 'vendored'
  | 'minified'
  | 'lockFile'
  | 'binary'
  | 'tooLarge'
  | 'ignored'
  | 'secret'
  | 'unsupportedLanguage'
  | 'notReadable'
  | 'authorNotApproved';

export interface Refusal {
  readonly reason: RefusalReason;
  /** What gave it away, for the review: 'path matches node_modules/', 'rule AWSAccessKeyID'. Never holds text from the file. */
  readonly detail: string;
}
