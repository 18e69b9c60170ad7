// Keeps the adapter of one repository's active version in the completion engine, and swaps it while requests go on: the new one is loaded
// before the old one is let go.
import type { LanguageModel } from '../../languageModel/languageModel.ts';
import type { ServedVersion } from './servedVersion.ts';

export class AdapterSwap {
  version: string | null = null;
  private held: { readonly model: LanguageModel; readonly adapter: string } | null = null;
  private model: LanguageModel | null = null;

  constructor(private readonly setActive: (active: { readonly version: string | null; readonly adapter: string | null }) => void) {}

  get adapter(): string | null {
    return this.held?.adapter ?? null;
  }

  /** True where another version serves afterwards. */
  async serve(served: ServedVersion, model: LanguageModel): Promise<boolean> {
    if (this.model === model && this.version === served.version) return false;
    const adapter = served.folder === null ? null : await model.loadAdapter(served.folder);
    const former = this.held;
    this.setActive({ version: served.version, adapter });
    this.held = adapter === null ? null : { model, adapter };
    this.model = model;
    this.version = served.version;
    // A request in flight may still use it: the engine answers it first, or the service has dropped it.
    await former?.model.release(former.adapter).catch(() => undefined);
    return true;
  }

  /** The model is gone: what it held cannot be let go any more. */
  forget(): void {
    this.held = null;
    this.model = null;
    this.version = null;
    this.setActive({ version: null, adapter: null });
  }

  async dispose(): Promise<void> {
    const { held } = this;
    this.held = null;
    this.setActive({ version: null, adapter: null });
    await held?.model.release(held.adapter).catch(() => undefined);
  }
}
