// What can go wrong with a request of the editor, beyond what the parts below say themselves; and every error as LSP's answer. Each message
// says what to do.
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { Cancelled } from '../base/cancellation.ts';
import { OperatingError } from '../base/operatingError.ts';

export type RequestErrorCode = 'noRepository' | 'untrusted' | 'off' | 'modelNotReady' | 'learnerGone' | 'nothingToReset' | 'badRequest';

export class RequestError extends OperatingError {
  override readonly name = 'RequestError';
  declare readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, details });
  }
}

/** The `data` of the answer carries the stable code. */
export function responseError(error: unknown): ResponseError<{ readonly code: string }> {
  if (error instanceof ResponseError) return error;
  if (error instanceof Cancelled) return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.', { code: 'cancelled' });
  if (error instanceof OperatingError) return new ResponseError(LSPErrorCodes.RequestFailed, error.message, { code: error.code });
  const message = error instanceof Error ? error.message : String(error);
  return new ResponseError(LSPErrorCodes.RequestFailed, `A defect in Graft: ${message}. The log says more ("Graft: Show Log").`, { code: 'defect' });
}

/** What a message box can hold; the log has the rest. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
