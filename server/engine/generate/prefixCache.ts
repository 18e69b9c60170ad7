// The last prompts that were read one by one (completions), with their keys and values: the next keystroke's prompt begins as the last one did,
// so only what comes after the cursor is read again. Keyed by the adapter itself: another version never sees these keys.
import { sharedLength } from '../../base/sharedBeginning.ts';
import type { FlatAdapter } from '../lora/flatAdapter.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import { KvCache } from './kvCache.ts';

interface Entry {
  readonly adapter: FlatAdapter | null;
  readonly ids: Int32Array;
  readonly cache: KvCache;
  readonly row: number;
}

/** Shorter beginnings are not worth the copy. */
const leastTokens = 32;

export class PrefixCache {
  /** Most recently used last. */
  private entries: Entry[] = [];

  constructor(private readonly capacity: number) {}

  remember(entry: Entry): void {
    this.entries = [...this.entries.filter((known) => !extendsPrompt(entry, known)), entry].slice(-this.capacity);
  }

  /**
   * A cache that holds the beginning of `ids`, or undefined. What is left to read is a multiple of `multiple` tokens and at least one, as the
   * last token's logits are not kept.
   */
  beginning(config: ModelConfig, ids: Int32Array, { adapter, multiple }: { readonly adapter: FlatAdapter | null; readonly multiple: number }): KvCache | undefined {
    let best: { entry: Entry; length: number } | undefined;
    for (const entry of this.entries) {
      if (entry.adapter !== adapter) continue;
      const shared = sharedLength(entry.ids, ids);
      const length = ids.length - Math.ceil(Math.max(1, ids.length - shared) / multiple) * multiple;
      if (length >= leastTokens && length > (best?.length ?? 0)) best = { entry, length };
    }
    if (best === undefined) return undefined;
    const { entry, length } = best;
    this.entries = [...this.entries.filter((known) => known !== entry), entry];
    return KvCache.gather(config, [{ cache: entry.cache, row: entry.row, length }], ids.length - length);
  }
}

/** Whether all that `old` could offer, `fresh` offers too. */
function extendsPrompt(fresh: Entry, old: Entry): boolean {
  return fresh.adapter === old.adapter && sharedLength(fresh.ids, old.ids) === old.ids.length;
}
