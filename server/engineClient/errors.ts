// What a caller of the engine can meet. Errors that the engine itself reported keep the engine's code.
import { OperatingError, type OperatingErrorOptions } from '../base/operatingError.ts';

/** Codes made on this side; any other code is the engine's. */
export type EngineClientCode = 'engineCrashed' | 'engineGaveUp' | 'engineDisposed' | 'engineMismatch' | 'adapterLost' | 'unknownAdapter' | 'notOpen';

export class EngineError extends OperatingError {
  override readonly name = 'EngineError';
  constructor(options: OperatingErrorOptions) {
    super(options);
  }
}

/** The engine process died during the call, or before it and took the adapter along: the work may be done again from its start. */
export const engineDeaths: readonly string[] = ['engineCrashed', 'adapterLost'] satisfies EngineClientCode[];

export function clientError(code: EngineClientCode, message: string, details: Readonly<Record<string, unknown>> = {}): EngineError {
  return new EngineError({ code, message, details });
}
