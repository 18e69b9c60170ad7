// The suggestions that were made lately, by id: what the editor says of one (shown, taken) and what is asked about one is looked up here.
import type { CompletionDocument } from './completionRequest.ts';
import type { Position } from './position.ts';

/** What `explain` knows of a suggestion; which pairs are nearest to it is the version store's to say. */
export interface ExplainedSuggestion {
  readonly id: string;
  readonly folder: string;
  readonly path: string;
  readonly version: string | null;
  readonly confidence: number;
  readonly text: string;
  /** The line before the cursor and the suggestion: what is compared with pairs. */
  readonly line: string;
  /** `repetition`: copied from open code that goes on so, and judged by the model of this version. */
  readonly writtenBy: 'model' | 'repetition';
}

export interface Made extends ExplainedSuggestion {
  readonly document: CompletionDocument;
  readonly position: Position;
  readonly textOf: (path: string) => string | undefined;
}

const remembered = 100;

export class MadeSuggestions {
  private readonly made = new Map<string, Made>();
  private readonly ids = new WeakMap<object, string>();
  private lastShown: string | null = null;

  constructor(private readonly newId: () => string) {}

  /** Returns the answer's id: what is typed through, or asked for again, is one suggestion however often the editor is given it. */
  add(answer: object, made: Omit<Made, 'id'>): string {
    const id = this.ids.get(answer) ?? this.newId();
    this.ids.set(answer, id);
    this.made.delete(id);
    this.made.set(id, { ...made, id });
    for (const oldest of this.made.keys()) {
      if (this.made.size <= remembered) break;
      this.made.delete(oldest);
    }
    return id;
  }

  /** It is on the screen; undefined: too long ago to be known. */
  shown(id: string): Made | undefined {
    const made = this.made.get(id);
    if (made !== undefined) this.lastShown = id;
    return made;
  }

  /** Null: the last one that was shown. */
  explain(id: string | null): ExplainedSuggestion | null {
    const found = this.made.get(id ?? this.lastShown ?? '');
    if (found === undefined) return null;
    const { folder, path, version, confidence, text, line, writtenBy } = found;
    return { id: found.id, folder, path, version, confidence, text, line, writtenBy };
  }
}
