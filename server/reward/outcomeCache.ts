// Outcomes of test runs by (tree, span, text, test): the same fill-in is often written by several candidates and cycles.

export interface OutcomeKey {
  /** Object name of the tree, which stands for every file of it. */
  readonly tree: string;
  readonly span: string;
  /** SHA-256 of the text that stands in the span. */
  readonly text: string;
  readonly test: string;
}

export interface OutcomeCache {
  get(key: OutcomeKey): boolean | undefined;
  set(key: OutcomeKey, passed: boolean): void;
}

/** Forgets the oldest beyond `limit`. */
export function createOutcomeCache(limit = 20_000): OutcomeCache {
  const outcomes = new Map<string, boolean>();
  return {
    get: (key) => outcomes.get(nameOf(key)),
    set: (key, passed) => {
      outcomes.set(nameOf(key), passed);
      const oldest = outcomes.keys().next();
      if (outcomes.size > limit && !oldest.done) outcomes.delete(oldest.value);
    },
  };
}

function nameOf({ tree, span, text, test }: OutcomeKey): string {
  return [tree, span, text, test].join('\0');
}
