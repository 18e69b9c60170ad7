// Chunks of code that the user has looked at or edited lately, as llama.vim keeps them: 16 chunks of 64 lines, none like another, taken in only
// when the keys have rested. Drafts are copied from them.
import { lexicalTokens } from './lexicalTokens.ts';

export interface Chunk {
  readonly folder: string;
  readonly path: string;
  readonly tokens: readonly string[];
  readonly lines: ReadonlySet<string>;
}

export interface ContextRing {
  /** Oldest first. */
  readonly chunks: readonly Chunk[];
}

export const emptyRing: ContextRing = { chunks: [] };
export const ringRestMs = 3000;
const mostChunks = 16;
const chunkLines = 64;
/** Chunks that share more than this of their lines are one (Jaccard). */
const alike = 0.9;

/** The chunk around an offset: where an edit was made or a file was left. */
export function withChunkAround(ring: ContextRing, { folder, path, text, offset }: { readonly folder: string; readonly path: string; readonly text: string; readonly offset: number }): ContextRing {
  const all = text.split('\n');
  const line = text.slice(0, offset).split('\n').length - 1;
  const first = Math.max(0, Math.min(line - chunkLines / 2, all.length - chunkLines));
  const shown = all.slice(first, first + chunkLines);
  const lines = new Set(shown.map((each) => each.trim()).filter((each) => each.length > 2));
  if (lines.size === 0) return ring;
  const others = ring.chunks.filter((chunk) => similarity(chunk.lines, lines) <= alike);
  return { chunks: [...others, { folder, path, tokens: lexicalTokens(shown.join('\n')), lines }].slice(-mostChunks) };
}

export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const line of a) if (b.has(line)) shared++;
  return a.size + b.size === 0 ? 1 : shared / (a.size + b.size - shared);
}
