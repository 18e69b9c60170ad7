// What can go wrong when git is asked. Callers branch on `code`.
import { OperatingError } from '../base/operatingError.ts';

export type GitErrorCode =
  | 'gitNotFound'
  | 'gitTimedOut'
  | 'gitOutputTooLarge'
  | 'gitFailed'
  | 'gitUnexpectedOutput'
  | 'notARepository'
  | 'unknownRevision'
  | 'objectMissing';

export class GitError extends OperatingError {
  override readonly name = 'GitError';
  constructor(code: GitErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, details });
  }
}
