// Errors of the command line itself.
import { OperatingError } from '../base/operatingError.ts';

export class CommandError extends OperatingError {
  override readonly name = 'CommandError';

  constructor(code: 'deviceNotAvailable' | 'badPosition' | 'noFile', message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, details });
  }
}
