// Keeps the adapter of one repository's active version in the completion engine, and swaps it while requests go on: the new one is loaded
// before the old one is let go.
import type { LanguageModel } from '../../languageModel/languageModel.ts';
import type { ServedVersion } from './servedVersion.ts';

export class AdapterSwap {
  version: string | null = null;
  private held: { readonly model: LanguageModel; readonly adapter: string } | null = null;
  private model: LanguageModel | null = null;
  /** Of the model's life: what was begun in an earlier one must not be served in this one. */
  private life = {};

  constructor(private readonly setActive: (active: { readonly version: string | null; readonly adapter: string | null }) => void) {}

  get adapter(): string | null {
    return this.held?.adapter ?? null;
  }

  /** True where another version serves afterwards. */
  async serve(served: ServedVersion, model: LanguageModel): Promise<boolean> {
    if (this.model === model && this.version === served.version) return false;
    const { life } = this;
    const adapter = served.folder === null ? null : await this.loaded(model, served.folder, life);
    if (life !== this.life) {
      if (adapter !== null) await model.release(adapter).catch(() => undefined);
      return false;
    }
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
    this.life = {};
    this.held = null;
    this.model = null;
    this.version = null;
    this.setActive({ version: null, adapter: null });
  }

  async dispose(): Promise<void> {
    const { held } = this;
    this.life = {};
    this.held = null;
    this.setActive({ version: null, adapter: null });
    await held?.model.release(held.adapter).catch(() => undefined);
  }

  /** Null where the model was gone meanwhile: whether it failed or loaded is nobody's business then. */
  private async loaded(model: LanguageModel, folder: string, life: object): Promise<string | null> {
    try {
      return await model.loadAdapter(folder);
    } catch (error) {
      if (life === this.life) throw error;
      return null;
    }
  }
}
