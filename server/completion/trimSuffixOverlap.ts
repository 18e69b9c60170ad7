// Post-filter: what stands after the cursor on its line is not suggested again.

/** The suggestion without an ending that repeats the rest of the cursor's line. */
export function trimSuffixOverlap(suggestion: string, textAfterCursor: string): string {
  const rest = (textAfterCursor.split('\n', 1)[0] ?? '').trimEnd();
  if (rest === '') return suggestion;
  for (let length = Math.min(rest.length, suggestion.length); length > 0; length--) {
    if (suggestion.endsWith(rest.slice(0, length))) {
      // A partial overlap counts only if it is the whole rest of the line: "a)" before ")" yes, "x" before "xy" no.
      return length === rest.length ? suggestion.slice(0, suggestion.length - length) : suggestion;
    }
  }
  return suggestion;
}
