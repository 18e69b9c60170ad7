// What the suite inside the extension host hands out.
export interface InHostResult {
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly error?: string;
}
