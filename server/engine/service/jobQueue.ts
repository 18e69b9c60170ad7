// One job at a time on the executor, completions first. A completion that arrives while learning runs is run inside the
// learner's next checkpoint, so it waits for one training step at most, not for the training. Learning can be held to a share of the time.
import { Cancelled } from '../../base/cancellation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Priority } from '../../protocol/engine.ts';
import { BusyShare } from './busyShare.ts';
import type { Control } from './executor.ts';

interface Job {
  readonly id: number;
  readonly priority: Priority;
  readonly run: (control: Control) => Promise<void>;
  /** Tells the job's owner that it never began. */
  readonly abandon: (reason: Error) => void;
  cancelled: boolean;
  /** When it began or went on after its last checkpoint. */
  sinceMs: number;
}

export class JobQueue {
  private readonly waiting: Record<Priority, Job[]> = { completion: [], learning: [] };
  private readonly running = new Set<Job>();
  private busy = false;
  private idle: Promise<void> = Promise.resolve();
  private learning = new BusyShare(1);
  /** Aborted to end a rest of learning before its time. */
  private rest: AbortController | undefined;

  constructor(private readonly clock: Clock) {}

  /** Learning works for at most `share` of the time; completions as they come. */
  limitLearning(share: number): void {
    this.learning = new BusyShare(share);
  }

  /** Settles as `work` does; rejects with `Cancelled` where `cancel(id)` came first. */
  add<T>(options: { readonly id: number; readonly priority: Priority; readonly work: (control: Control) => Promise<T> }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { id, priority, work } = options;
      const run = async (control: Control): Promise<void> => {
        try {
          resolve(await work(control));
        } catch (error) {
          reject(error);
        }
      };
      this.waiting[priority].push({ id, priority, run, abandon: reject, cancelled: false, sinceMs: 0 });
      if (priority === 'completion') this.rest?.abort();
      if (!this.busy) this.idle = this.runWaiting();
    });
  }

  cancel(id: number): void {
    for (const job of this.running) if (job.id === id) job.cancelled = true;
    this.rest?.abort();
    for (const queue of Object.values(this.waiting)) {
      const index = queue.findIndex((job) => job.id === id);
      if (index >= 0) queue.splice(index, 1)[0]?.abandon(new Cancelled());
    }
  }

  /** Cancels everything; resolves when nothing runs any more. */
  async drain(reason: Error): Promise<void> {
    for (const queue of Object.values(this.waiting)) for (const job of queue.splice(0)) job.abandon(reason);
    for (const job of this.running) job.cancelled = true;
    this.rest?.abort();
    await this.idle;
  }

  private async runWaiting(): Promise<void> {
    this.busy = true;
    for (let job = this.next(); job; job = this.next()) await this.run(job);
    this.busy = false;
  }

  private next(): Job | undefined {
    return this.waiting.completion.shift() ?? this.waiting.learning.shift();
  }

  private async run(job: Job): Promise<void> {
    this.running.add(job);
    job.sinceMs = this.clock.monotonicMs();
    await job.run({ checkpoint: () => this.checkpoint(job) });
    if (job.priority === 'learning') this.learning.worked(job.sinceMs, this.clock.monotonicMs());
    this.running.delete(job);
  }

  private async checkpoint(job: Job): Promise<void> {
    // onnxruntime blocks the thread and settles its promises without a turn of the event loop: without this one, no
    // message (a cancel, a completion) would be read before the job's end.
    await new Promise((resolve) => setImmediate(resolve));
    if (job.priority === 'learning') await this.giveWay(job);
    if (job.cancelled) throw new Cancelled();
  }

  /** Runs the completions that wait, then rests as long as learning's share of the time asks; one that comes meanwhile is run at once. */
  private async giveWay(job: Job): Promise<void> {
    this.learning.worked(job.sinceMs, this.clock.monotonicMs());
    for (;;) {
      for (let next = this.waiting.completion.shift(); next && !job.cancelled; next = this.waiting.completion.shift()) await this.run(next);
      job.sinceMs = this.clock.monotonicMs();
      const restMs = this.learning.restMs(job.sinceMs);
      if (job.cancelled || restMs === 0) return;
      this.rest = new AbortController();
      // It rejects when somebody ends it: there is something to do.
      await this.clock.sleep(restMs, this.rest.signal).catch(() => {});
      this.rest = undefined;
    }
  }
}
