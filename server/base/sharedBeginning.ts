// What sequences of token ids begin with in common.

export function sharedLength(a: Int32Array, b: Int32Array): number {
  const shorter = Math.min(a.length, b.length);
  let length = 0;
  while (length < shorter && a[length] === b[length]) length++;
  return length;
}

/** Lexicographic: sorted so, each shares with its neighbour at least what it shares with any before that. */
export function compareIds(a: Int32Array, b: Int32Array): number {
  const shared = sharedLength(a, b);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}
