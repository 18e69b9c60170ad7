// Tells the editor the status, at most ten times a second and only when it changed: training reports each step.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { Status } from '../protocol/assistant.ts';

const quietMs = 100;

export class StatusNotifier {
  private last = '';
  private waiting = false;
  private lastMs = -quietMs;
  private readonly ending = new AbortController();

  constructor(private readonly parts: { readonly clock: Clock; readonly status: () => Status; readonly send: (status: Status) => void }) {}

  changed(): void {
    if (this.waiting || this.ending.signal.aborted) return;
    this.waiting = true;
    const { clock } = this.parts;
    const delayMs = Math.max(0, this.lastMs + quietMs - clock.monotonicMs());
    clock.sleep(delayMs, this.ending.signal).then(
      () => this.send(),
      (error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      },
    );
  }

  dispose(): void {
    this.ending.abort();
  }

  private send(): void {
    this.waiting = false;
    this.lastMs = this.parts.clock.monotonicMs();
    const status = this.parts.status();
    const text = JSON.stringify(status);
    if (text === this.last) return;
    this.last = text;
    this.parts.send(status);
  }
}
