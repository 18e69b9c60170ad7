// What the model said at a place, under one model, template and adapter version, so that asking again costs nothing and what the user types
// of a suggestion keeps the rest of it. Texts of files are kept as hashes: 250 entries must not hold 250 files.
import { sha256 } from '../base/hash.ts';

export interface Place {
  readonly folder: string;
  readonly path: string;
  /** Text before and after the cursor. */
  readonly prefix: string;
  readonly suffix: string;
  /** Model, template and adapter version in one word: another one never sees this entry. */
  readonly servedBy: string;
}

interface Entry<Value> {
  readonly group: string;
  readonly folder: string;
  readonly offset: number;
  readonly prefixHash: string;
  readonly value: Value;
}

export interface CacheHit<Value> {
  readonly value: Value;
  /** What has been typed of it since. */
  readonly typed: string;
}

export const rememberedSuggestions = 250;

/** `textOf`: the suggested text of a value; '' where there is none, which is then found at its own place only. */
export class SuggestionCache<Value> {
  /** Least recently used first. */
  private entries: Entry<Value>[] = [];

  constructor(
    private readonly textOf: (value: Value) => string,
    private readonly capacity = rememberedSuggestions,
  ) {}

  store(place: Place, value: Value): void {
    const entry = { group: groupOf(place), folder: place.folder, offset: place.prefix.length, prefixHash: sha256(place.prefix), value };
    this.entries = this.entries.filter((old) => !(old.group === entry.group && old.offset === entry.offset && old.prefixHash === entry.prefixHash));
    this.entries.push(entry);
    if (this.entries.length > this.capacity) this.entries.shift();
  }

  /** The newest value whose place is this one, or of which the user has typed the beginning since and not all. */
  find(place: Place): CacheHit<Value> | undefined {
    const group = groupOf(place);
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const entry = this.entries[index];
      if (entry === undefined || entry.group !== group || entry.offset > place.prefix.length) continue;
      const typed = place.prefix.slice(entry.offset);
      const text = this.textOf(entry.value);
      if (typed !== '' && (typed.length >= text.length || !text.startsWith(typed))) continue;
      if (sha256(place.prefix.slice(0, entry.offset)) !== entry.prefixHash) continue;
      this.entries.splice(index, 1);
      this.entries.push(entry);
      return { value: entry.value, typed };
    }
    return undefined;
  }

  /** Of one working tree, or all. */
  clear(folder?: string): void {
    this.entries = folder === undefined ? [] : this.entries.filter((entry) => entry.folder !== folder);
  }
}

function groupOf({ folder, path, suffix, servedBy }: Place): string {
  return [folder, path, servedBy, sha256(suffix)].join('\0');
}
