// What suggestions are worth: how often one is shown, and how often it is right, strictly (the first line of it is the rest of the line) and as far
// as it goes (the line goes on as it says). Places count as often as people pause there.
export interface PlaceOutcome {
  /** First line of what was shown; null: nothing was. */
  readonly shown: string | null;
  readonly restOfLine: string;
  readonly weight: number;
}

export interface ShownFigures {
  readonly coverage: number;
  /** First line exact among shown. */
  readonly shownPrecision: number;
  /** Right as far as it goes, among shown. */
  readonly typedPrecision: number;
  /** Characters of right suggestions per place. */
  readonly rightCharacters: number;
  readonly places: number;
}

/** Where nothing is left on the line nothing can be covered, but what is shown there is wrong. */
export function shownFigures(outcomes: readonly PlaceOutcome[]): ShownFigures {
  const sum = (count: (outcome: PlaceOutcome) => number): number => outcomes.reduce((total, outcome) => total + outcome.weight * count(outcome), 0);
  const open = sum(({ restOfLine }) => Number(restOfLine.trim() !== ''));
  const shown = sum((outcome) => Number(outcome.shown !== null));
  const isExact = (outcome: PlaceOutcome): boolean => outcome.shown !== null && outcome.restOfLine.trim() !== '' && outcome.shown.trim() === outcome.restOfLine.trim();
  const isTyped = (outcome: PlaceOutcome): boolean => outcome.shown !== null && outcome.restOfLine.startsWith(outcome.shown);
  return {
    coverage: sum((outcome) => Number(outcome.shown !== null && outcome.restOfLine.trim() !== '')) / open,
    shownPrecision: sum((outcome) => Number(isExact(outcome))) / shown,
    typedPrecision: sum((outcome) => Number(isTyped(outcome))) / shown,
    rightCharacters: sum((outcome) => (isTyped(outcome) ? (outcome.shown?.length ?? 0) : 0)) / open,
    places: outcomes.length,
  };
}
