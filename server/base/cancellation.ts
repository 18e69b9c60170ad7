// Cancellation travels as a standard AbortSignal and surfaces as `Cancelled`, which is not a failure.

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor(what = 'The operation was cancelled.') {
    super(what);
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled();
}
