// What the user decides about completions (`graft.completion.*`), as the service reads it anew for each request.
export interface CompletionSettings {
  readonly automatic: boolean;
  /** Null: adapts to the user's typing. */
  readonly debounceMs: number | null;
  readonly multiline: boolean;
  /** 0 to 1; null: the calibrated default. */
  readonly minimumConfidence: number | null;
}
