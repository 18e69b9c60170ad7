// What can be wrong with an adapter folder or a safetensors file. Codes are stable: the store sets versions aside by them.
import { OperatingError } from '../base/operatingError.ts';

export type AdapterFormatErrorCode =
  | 'safetensors.corrupt'
  | 'adapter.missing'
  | 'adapter.configInvalid'
  | 'adapter.unsupported'
  | 'adapter.weightsCorrupt'
  | 'adapter.otherBase'
  | 'adapter.shapeMismatch';

export class AdapterFormatError extends OperatingError {
  override readonly name = 'AdapterFormatError';
  declare readonly code: AdapterFormatErrorCode;

  constructor(code: AdapterFormatErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super({ code, message, details, cause });
  }
}
