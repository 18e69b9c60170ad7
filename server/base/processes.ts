// Child processes as a capability. Implemented in `host`, the only door to node:child_process.

export interface RunOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array | string;
  /** After this the child's process group is killed and `outcome` is 'timedOut'. */
  readonly timeoutMs?: number;
  /** Output over this is dropped and the child's process group is killed: `outcome` is 'tooMuchOutput'. */
  readonly outputLimitBytes?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly outcome: 'exited' | 'killed' | 'timedOut' | 'tooMuchOutput' | 'notFound';
  /** Exit status; -1 unless `outcome` is 'exited'. */
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly durationMs: number;
}

export interface Processes {
  /** Runs to the end. Rejects only with `Cancelled`; every other ending is a value. */
  run(options: RunOptions): Promise<RunResult>;
}
