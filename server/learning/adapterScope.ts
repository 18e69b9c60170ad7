// Adapters that one cycle holds in the engine's memory, released together however the cycle ends.
import type { AdapterHandle } from '../base/prompt.ts';
import type { LanguageModel } from './languageModel.ts';

export class AdapterScope {
  private readonly handles = new Set<string>();

  constructor(private readonly model: LanguageModel) {}

  async load(folder: string | null): Promise<AdapterHandle> {
    return folder === null ? null : this.keep(await this.model.loadAdapter(folder));
  }

  /** Takes over a handle that `train` or `interpolate` made. */
  keep(handle: string): string {
    this.handles.add(handle);
    return handle;
  }

  async dispose(): Promise<void> {
    const handles = [...this.handles];
    this.handles.clear();
    // An engine that crashed has no adapters left to release, and that is not what the cycle failed of.
    await Promise.allSettled(handles.map((handle) => this.model.release(handle)));
  }
}
