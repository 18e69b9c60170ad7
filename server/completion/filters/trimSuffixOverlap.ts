// Post-filter: what stands after the cursor on its line is not suggested again.

/** The suggestion without an ending that is the whole rest of the cursor's line: "a)" before ")" loses its bracket, "x" before "xy" stays. */
export function trimSuffixOverlap(suggestion: string, textAfterCursor: string): string {
  const rest = (textAfterCursor.split('\n', 1)[0] ?? '').trimEnd();
  return rest !== '' && suggestion.endsWith(rest) ? suggestion.slice(0, -rest.length) : suggestion;
}
