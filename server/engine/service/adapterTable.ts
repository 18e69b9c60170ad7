// Adapters in memory by handle. A job holds the adapter itself, so releasing a handle never pulls it from under one.
import { ServiceError } from './errors.ts';

export class AdapterTable<A> {
  private readonly adapters = new Map<string, A>();
  private count = 0;

  add(adapter: A): string {
    const handle = `adapter-${++this.count}`;
    this.adapters.set(handle, adapter);
    return handle;
  }

  get(handle: string): A {
    const adapter = this.adapters.get(handle);
    if (adapter === undefined) {
      throw new ServiceError({
        code: 'unknownAdapter',
        message: `The engine holds no adapter ${handle}: it was released, or the engine was restarted since. Load it again.`,
        details: { adapter: handle },
      });
    }
    return adapter;
  }

  getOrBase(handle: string | null): A | null {
    return handle === null ? null : this.get(handle);
  }

  release(handle: string): void {
    this.get(handle);
    this.adapters.delete(handle);
  }

  clear(): void {
    this.adapters.clear();
  }
}
