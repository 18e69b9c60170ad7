// Operating failures: something outside the program went wrong. Callers branch on `code`, never on the message.

export interface OperatingErrorOptions {
  readonly code: string;
  /** What happened and what the user can do next, in one or two sentences. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Base of every folder's error class (`errors.ts` per folder). `code` is stable; `details` is plain data. */
export class OperatingError extends Error {
  override readonly name: string = 'OperatingError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(options: OperatingErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.details = options.details ?? {};
  }
}
