// What can go wrong with durable state. Every message says what stands (nothing is half done) and what to do next.
import { OperatingError } from '../base/operatingError.ts';

export type StoreErrorCode =
  /** Writing failed (disk full, I/O error); the old state stands. */
  | 'writeFailed'
  /** Another process kept the lock. */
  | 'busy'
  /** The branch moved since the caller looked; nothing was changed. */
  | 'moved'
  | 'unknownVersion'
  | 'unknownBranch'
  /** A file is missing, truncated or altered. */
  | 'corrupt'
  /** The folder is no version of ours, or of a newer format. */
  | 'notAVersion'
  /** Trained on another base model. */
  | 'otherModel'
  /** Its weights were dropped to save space; its pairs are kept and it can be re-derived. */
  | 'thinned'
  | 'alreadyThere';

export class StoreError extends OperatingError {
  override readonly name = 'StoreError';
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super({ code, message, details, ...(cause === undefined ? {} : { cause }) });
  }
}
