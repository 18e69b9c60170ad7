// One file on both sides of a commit: what `git` reads and `syntax` compares.

/** `before` or `after` is null where the file does not exist on that side. */
export interface FileVersions {
  readonly path: string;
  readonly oldPath: string;
  readonly before: string | null;
  readonly after: string | null;
}
