// Asks that whoever asked may withdraw, by id: one that waits for its turn is refused at once, one that runs is told to stop and ends in its own
// time, since what it had recorded by then is its answer.
import { Cancelled, throwIfCancelled } from './base/cancellation.ts';

export class WithdrawableAsks {
  private readonly running = new Map<number, () => void>();

  /** `work` calls `begin` when its turn has come. */
  async run<T>(id: number, work: (withdrawn: AbortSignal, begin: () => void) => Promise<T>): Promise<T> {
    const withdrawn = new AbortController();
    let begun = false;
    const begin = (): void => {
      throwIfCancelled(withdrawn.signal);
      begun = true;
    };
    try {
      return await new Promise<T>((resolve, reject) => {
        this.running.set(id, () => {
          withdrawn.abort();
          if (!begun) reject(new Cancelled());
        });
        work(withdrawn.signal, begin).then(resolve, reject);
      });
    } finally {
      this.running.delete(id);
    }
  }

  /** Nothing happens where it has ended. */
  withdraw(id: number): void {
    this.running.get(id)?.();
  }
}
