// How long learning must leave the device alone after a stretch of work, so that busy / (busy + waiting) stays at a share. Pure: readings of a
// clock in, milliseconds out.

export class BusyShare {
  private restUntilMs = Number.NEGATIVE_INFINITY;

  /** Above 0; 1: no rest. */
  constructor(private readonly share: number) {}

  /** Readings of one clock. Work that began before its rest was over owes what was left of it too. */
  worked(fromMs: number, toMs: number): void {
    const owedMs = Math.max(0, this.restUntilMs - fromMs);
    this.restUntilMs = toMs + owedMs + (toMs - fromMs) * (1 / this.share - 1);
  }

  restMs(nowMs: number): number {
    return Math.max(0, this.restUntilMs - nowMs);
  }
}
