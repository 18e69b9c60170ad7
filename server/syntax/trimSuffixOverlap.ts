// What stands after the cursor on its line is not written again: suggestions are trimmed so before they are shown, and fill-ins before tests judge them.

/** The suggestion without an ending that is the whole rest of the cursor's line: "a)" before ")" loses its bracket, "x" before "xy" stays. */
export function trimSuffixOverlap(suggestion: string, textAfterCursor: string): string {
  const rest = (textAfterCursor.split('\n', 1)[0] ?? '').trimEnd();
  return rest !== '' && suggestion.endsWith(rest) ? suggestion.slice(0, -rest.length) : suggestion;
}
