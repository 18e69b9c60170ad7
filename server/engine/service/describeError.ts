// Errors as plain data that crosses a process border.
import { Cancelled } from '../../base/cancellation.ts';
import { OperatingError } from '../../base/operatingError.ts';
import type { EngineError } from '../../protocol/engine.ts';

export function describeError(error: unknown): EngineError {
  if (error instanceof Cancelled) return { code: 'cancelled', message: error.message, details: {} };
  if (error instanceof OperatingError) return { code: error.code, message: error.message, details: plain(error.details) };
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    code: 'internal',
    message: `The engine met a fault of its own: ${error instanceof Error ? error.message : String(error)}`,
    details: stack === undefined ? {} : { stack },
  };
}

/** What cannot be written as JSON is not sent at all: a reply that fails to serialize would never arrive. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(details)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
