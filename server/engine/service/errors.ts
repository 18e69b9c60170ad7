// Refusals of the service itself; failures of what it calls keep their own codes.
import { OperatingError, type OperatingErrorOptions } from '../../base/operatingError.ts';

export type ServiceErrorCode = 'badRequest' | 'notOpen' | 'alreadyOpen' | 'unknownAdapter' | 'promptTooLong' | 'disposed';

export class ServiceError extends OperatingError {
  override readonly name = 'ServiceError';
  constructor(options: OperatingErrorOptions & { readonly code: ServiceErrorCode }) {
    super(options);
  }
}
