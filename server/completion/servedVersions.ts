// Which version of each working tree answers now, and the one word by which everything that was remembered under another is told apart.
import type { AdapterHandle } from '../base/prompt.ts';
import type { CompletionModel } from './completionModel.ts';
import type { CompletionSettings } from './completionSettings.ts';

export interface Active {
  /** Null: the base model. */
  readonly version: string | null;
  readonly adapter: AdapterHandle;
}

/** Part of the cache's key: raise it when the shape of prompts or the choice of candidates changes. */
const templateVersion = 2;

export class ServedVersions {
  private readonly active = new Map<string, Active>();

  in(folder: string): Active {
    return this.active.get(folder) ?? { version: null, adapter: null };
  }

  /** False where it is the one that serves already. */
  set(folder: string, next: Active): boolean {
    const changes = !this.is(folder, next);
    this.active.set(folder, next);
    return changes;
  }

  is(folder: string, { version, adapter }: Active): boolean {
    const now = this.in(folder);
    return now.version === version && now.adapter === adapter;
  }
}

export function servedBy(model: CompletionModel, { version, adapter }: Active, { multiline, minimumConfidence }: CompletionSettings): string {
  return [model.info.hash, templateVersion, version, adapter, multiline, minimumConfidence].join();
}
