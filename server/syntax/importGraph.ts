// Which files of a repository reach which, through their imports: how `reward` finds the tests that touch a file.

export interface ImportGraph {
  /** Files that this one imports directly, sorted. */
  importsOf(path: string): readonly string[];
  /** Files that import this one directly, sorted. */
  importersOf(path: string): readonly string[];
  /** Files whose imports lead here, nearest first (itself not included), with the number of steps. */
  reaching(path: string): readonly { readonly path: string; readonly steps: number }[];
}
