// Something costly that is opened on first use, shared by those who use it at the same time, and closed when nobody has for a while.
import { Cancelled } from './base/cancellation.ts';
import type { Clock } from './base/clock.ts';

export interface KeptOpenParts<T> {
  readonly clock: Clock;
  readonly keepMs: number;
  readonly open: () => Promise<T>;
  readonly close: (opened: T) => Promise<void>;
}

export class KeptOpen<T> {
  private opened: Promise<T> | undefined;
  private users = 0;
  private closing = new AbortController();

  constructor(private readonly parts: KeptOpenParts<T>) {}

  async use<R>(work: (opened: T) => Promise<R>): Promise<R> {
    this.users++;
    this.closing.abort();
    try {
      this.opened ??= this.parts.open();
      const opened = await this.opened.catch((error: unknown) => {
        // The next use tries again.
        this.opened = undefined;
        throw error;
      });
      return await work(opened);
    } finally {
      if (--this.users === 0) void this.closeLater();
    }
  }

  async dispose(): Promise<void> {
    this.closing.abort();
    const { opened } = this;
    this.opened = undefined;
    const last = await opened?.catch(() => undefined);
    if (last !== undefined) await this.parts.close(last);
  }

  private async closeLater(): Promise<void> {
    const closing = new AbortController();
    this.closing = closing;
    try {
      await this.parts.clock.sleep(this.parts.keepMs, closing.signal);
      await this.dispose();
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }
}
