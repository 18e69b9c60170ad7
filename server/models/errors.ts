// What can be wrong with a model folder or a download. Messages name the file and the next step.
import { OperatingError, type OperatingErrorOptions } from '../base/operatingError.ts';

export type ModelFolderErrorCode =
  | 'modelNotFound'
  | 'modelIncomplete'
  | 'modelUnreadable'
  | 'hubUnreachable'
  | 'hubRefused'
  | 'hubModelUnsuitable'
  | 'downloadDamaged';

export class ModelFolderError extends OperatingError {
  override readonly name = 'ModelFolderError';
  constructor(options: OperatingErrorOptions & { readonly code: ModelFolderErrorCode }) {
    super(options);
  }
}
