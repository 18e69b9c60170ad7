// A child Node process that exchanges messages with us, as a capability. Implemented in `host`.

export interface ForkOptions {
  /** The script that the child runs. */
  readonly modulePath: string;
  readonly args?: readonly string[];
  /** Options of the runtime itself, e.g. a loader. */
  readonly execArgv?: readonly string[];
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessExit {
  /** Exit status; null when a signal ended it or it never started. */
  readonly status: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to standard error. */
  readonly lastErrors: string;
}

export interface ForkedProcess {
  /** Undefined: it could not be started, or is no process of the system's. */
  readonly pid?: number | undefined;
  /** Never throws: what cannot be delivered shows as an exit. Typed arrays travel as they are. */
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started. */
  onExit(listener: (exit: ProcessExit) => void): void;
  kill(): void;
}

export type Fork = (options: ForkOptions) => ForkedProcess;
