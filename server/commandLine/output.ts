// What a command prints: with --json one document on standard output, else text for people. Logs and progress go to standard error.

/** 0 done, 1 failed, 2 wrong usage, 3 nothing to learn. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface CommandResult {
  readonly code: ExitCode;
  /** The document of --json. */
  readonly document: unknown;
  readonly text: string;
}

export class Output {
  constructor(private readonly options: { readonly json: boolean }) {}

  /** A line that is not part of the result. */
  log(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  print(result: CommandResult): void {
    process.stdout.write(this.options.json ? `${JSON.stringify(result.document, null, 2)}\n` : result.text === '' ? '' : `${result.text}\n`);
  }

  failed(error: { readonly code: string; readonly message: string; readonly details: unknown }): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    process.stderr.write(`graft: ${error.message}\n`);
  }
}
