// Running a project's own code away from the user's files, as a capability. Implemented in `host`.
// Results are a stranger's output: text to be parsed with suspicion, never a path, a command or a reason to trust.

export interface SandboxLimits {
  /** Wall clock of one variant. */
  readonly timeoutMs: number;
  /** Data segment of each process (RLIMIT_DATA) and the resident memory of all processes of a batch together. */
  readonly memoryBytes: number;
  /** Processes and threads of one variant. */
  readonly processes: number;
  /** What one variant may print (standard output and error together); the report has the same bound. */
  readonly outputBytes: number;
  /** Largest file that can be written. */
  readonly fileBytes: number;
  /** Everything that one variant writes, in memory. */
  readonly diskBytes: number;
}

/** One command in a writable copy of the tree that nobody else sees. */
export interface SandboxVariant {
  readonly id: string;
  /** Whole texts that replace or add files, by path relative to the tree. */
  readonly files: Readonly<Record<string, string>>;
  /** Program and arguments; the program is found in the sandbox's PATH. `/report` (see `SandboxResult.report`) is open for writing. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Overrides the batch's. */
  readonly timeoutMs?: number;
}

/** What every variant has below its own layer. */
export interface SandboxGround {
  /** A folder made for this purpose, without a git directory. Where Graft runs as root its owner is changed. Never written to. */
  readonly tree: string;
  /** The project's real `node_modules`; seen read-only below a writable layer of the variant's own. */
  readonly dependencies?: string;
}

export interface SandboxBatch {
  readonly variants: readonly SandboxVariant[];
  readonly limits?: Partial<SandboxLimits>;
  /** Variants at a time; default 2. */
  readonly concurrency?: number;
  /** Called as each variant ends, in the order of ending. */
  readonly onResult?: (result: SandboxResult) => void;
  readonly signal?: AbortSignal;
}

export interface SandboxResult {
  readonly id: string;
  /** `killed`: by a signal, by the memory bound, or with the whole batch. */
  readonly outcome: 'exited' | 'timedOut' | 'tooMuchOutput' | 'killed';
  /** Exit status; 128 + signal where a signal ended the command; -1 unless `outcome` is 'exited'. */
  readonly status: number;
  /** What the command wrote to `/report` (file descriptor 3): apart from what the tests print. */
  readonly report: string;
  /** The last part of standard output and standard error. */
  readonly output: string;
  readonly durationMs: number;
}

export type SandboxBatchResult =
  | {
      readonly kind: 'ran';
      /** One per variant, in the order given. */
      readonly results: readonly SandboxResult[];
      /** From the call to the first variant's start. */
      readonly startMs: number;
      /** What this machine could not give: 'overlay', 'proc', 'loopback'. Tests that need it fail. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'sandboxUnavailable'; readonly why: string };

/** Proof by trial that the sandbox holds on this machine. */
export type Containment =
  | { readonly kind: 'contained'; readonly checks: readonly string[] }
  | { readonly kind: 'leaks'; readonly failed: readonly string[] }
  | { readonly kind: 'sandboxUnavailable'; readonly why: string };

export interface OpenSandbox {
  /** One batch after the other. Rejects only with `Cancelled`. When it settles, no process of the batch is left. */
  run(batch: SandboxBatch): Promise<SandboxBatchResult>;
  /** No process is left when it resolves; `run` would open it again. */
  close(): Promise<void>;
}

export interface Sandbox {
  /** Nothing is started before the first batch; what is started then (a tenth of a second) serves the batches after it too. */
  open(ground: SandboxGround): OpenSandbox;
  checkContainment(signal?: AbortSignal): Promise<Containment>;
}

/** A single batch. */
export async function runBatch(sandbox: Pick<Sandbox, 'open'>, { tree, dependencies, ...batch }: SandboxGround & SandboxBatch): Promise<SandboxBatchResult> {
  const opened = sandbox.open({ tree, ...(dependencies === undefined ? {} : { dependencies }) });
  try {
    return await opened.run(batch);
  } finally {
    await opened.close();
  }
}

export const defaultSandboxLimits: SandboxLimits = {
  timeoutMs: 10_000,
  memoryBytes: 2 * 1024 ** 3,
  processes: 64,
  outputBytes: 1024 ** 2,
  fileBytes: 64 * 1024 ** 2,
  diskBytes: 256 * 1024 ** 2,
};
