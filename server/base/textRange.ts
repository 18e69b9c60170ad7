// Positions in text: UTF-16 offsets, half-open, as VS Code and JavaScript strings count.

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface LineRange {
  /** Zero-based, half-open. */
  readonly startLine: number;
  readonly endLine: number;
}
