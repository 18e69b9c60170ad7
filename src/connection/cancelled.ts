// That somebody gave up on a request is no failure. The code is LSP's `RequestCancelled`, as a number: the client's library is loaded on first use only.
const requestCancelled = -32800;

export function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === requestCancelled;
}
