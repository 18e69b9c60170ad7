// Work that is asked for more often than it can be done: one run at a time, and of those that wait only the latest counts, since each run
// looks at everything anew.

export class OneAtATime {
  private running: Promise<void> | null = null;
  private again: Promise<void> | null = null;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves when a run that began after this call has ended. */
  ask(): Promise<void> {
    if (this.running === null) return this.begin();
    this.again ??= this.running.catch(() => undefined).then(() => {
      this.again = null;
      return this.begin();
    });
    return this.again;
  }

  private begin(): Promise<void> {
    const running = this.work().finally(() => {
      if (this.running === running) this.running = null;
    });
    this.running = running;
    return running;
  }
}
