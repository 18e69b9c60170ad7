// What can go wrong with a request to learning, beyond what the store, git and the engine say themselves.
import { OperatingError } from '../base/operatingError.ts';

export type LearningErrorCode = 'unknownBranch' | 'unknownCommit' | 'unknownAuthor' | 'nothingStruck' | 'noVersion';

export class LearningError extends OperatingError {
  override readonly name = 'LearningError';
  declare readonly code: LearningErrorCode;

  constructor(code: LearningErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, details });
  }
}
