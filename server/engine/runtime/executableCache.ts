// The graphs of one model, compiled once each against its weights. Opening is lazy: an engine that only completes never loads
// a training graph.
import { Cancelled } from '../../base/cancellation.ts';
import type { Graph } from '../graph/graph.ts';
import type { CompileOptions, Executable, Runtime, Weights } from './runtime.ts';

export class ExecutableCache {
  private readonly compiled = new Map<string, Promise<Executable>>();
  private disposed = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly weights: Weights,
  ) {}

  /** `key` names the graph that `make` builds; concurrent callers share one compilation. */
  get(key: string, make: () => Graph, options: CompileOptions): Promise<Executable> {
    if (this.disposed) return Promise.reject(new Cancelled('The model was closed.'));
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const fresh = this.runtime.compile(make(), this.weights, options);
    this.compiled.set(key, fresh);
    fresh.catch(() => this.compiled.delete(key));
    return fresh;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const executables = await Promise.allSettled(this.compiled.values());
    this.compiled.clear();
    for (const result of executables) if (result.status === 'fulfilled') await result.value.dispose();
  }
}
