// How long the language server's event loop stood still: what a request waits for before anybody looks at it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { percentile } from './percentile.ts';

const stallSchema = z.object({
  /** Of the wall clock. */
  endMs: z.number(),
  milliseconds: z.number(),
  /** Of which the server's thread itself ran; null: the system does not say. */
  ownMs: z.number().nullable(),
});

export type Stall = z.infer<typeof stallSchema>;

export interface StallFigures {
  /** As long as it took, the wait for a processor included. */
  readonly longestMs: number;
  /** The server's own work in one turn of the loop: what "never blocks" is about. */
  readonly longestOwnMs: number;
  readonly ownP99Ms: number;
  readonly over10Ms: number;
  readonly ownOver10Ms: number;
}

/** What a server is started with so that it writes its stalls to `file`. */
export function watchedStalls(file: string): { readonly execArgv: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  return { execArgv: ['--require', fileURLToPath(new URL('stallWatch.cjs', import.meta.url))], env: { GRAFT_STALLS: file } };
}

/** Those that ended within the window; the last line may be torn. */
export function readStalls(file: string, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Stall[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => stallSchema.parse(JSON.parse(line))).filter(({ endMs }) => endMs >= fromMs && endMs <= toMs);
}

export function stallFigures(stalls: readonly Stall[]): StallFigures {
  const own = stalls.map(({ ownMs }) => ownMs ?? Number.NaN);
  const all = stalls.map(({ milliseconds }) => milliseconds);
  return {
    longestMs: Math.max(0, ...all),
    longestOwnMs: Math.max(0, ...own),
    ownP99Ms: percentile(own, 0.99),
    over10Ms: all.filter((each) => each > 10).length,
    ownOver10Ms: own.filter((each) => each > 10).length,
  };
}
