// What can be wrong with a model folder. Codes are stable; messages say what to do.
import { OperatingError } from '../../base/operatingError.ts';

export type ModelErrorCode =
  | 'model.configInvalid'
  | 'model.familyUnknown'
  | 'model.featureUnsupported'
  | 'model.weightsMissing'
  | 'model.weightsCorrupt'
  | 'model.tensorMissing'
  | 'model.tensorShape'
  | 'model.tensorType'
  | 'model.cacheUnwritable';

export class ModelError extends OperatingError {
  override readonly name = 'ModelError';
  declare readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super({ code, message, details, cause });
  }
}
