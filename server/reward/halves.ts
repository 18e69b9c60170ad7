// Which half a file's probes and spans belong to. All of a file falls on one side (its items resemble each other, so a split
// inside a file would judge on what was chosen on), and what was once decided stays, because it is stored with each probe.
import { sha256 } from '../base/hash.ts';
import type { Half } from './probe.ts';

export interface HalvesRequest {
  /** Files that have items now. */
  readonly paths: Iterable<string>;
  /** Halves of files met in earlier cycles (`knownHalves` of the stored probes). */
  readonly known: ReadonlyMap<string, Half>;
  /** Tests and sources are split each for itself: their items differ so much that a half of one kind would not speak for the other. */
  readonly isTest: (path: string) => boolean;
}

/**
 * New files go, in an order given by a hash, to the half where their kind has fewer files, then to the half with fewer in all:
 * a hash alone would often leave a small commit with one half empty.
 */
export function assignHalves({ paths, known, isTest }: HalvesRequest): Map<string, Half> {
  const halves = new Map(known);
  const asked = [...new Set(paths)];
  const counted = new Set([...halves.keys()].filter((path) => asked.includes(path)));
  const fresh = asked.filter((path) => !halves.has(path)).map((path) => ({ path, hash: sha256(`half\0${path}`) }));
  // Balanced over the files of this cycle: those are the ones it is judged on.
  const lead = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + (halves.get(path) === 'judge' ? 1 : -1), 0);
  for (const { path, hash } of fresh.sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
    const ofKind = lead([...counted].filter((other) => isTest(other) === isTest(path)));
    const inAll = lead(counted);
    const judge = ofKind !== 0 ? ofKind < 0 : inAll !== 0 ? inAll < 0 : Number.parseInt(hash.slice(0, 8), 16) % 2 === 1;
    halves.set(path, judge ? 'judge' : 'select');
    counted.add(path);
  }
  return halves;
}

/** The halves that earlier items were given. */
export function knownHalves(items: Iterable<{ readonly path: string; readonly half: Half }>): Map<string, Half> {
  const known = new Map<string, Half>();
  for (const { path, half } of items) if (!known.has(path)) known.set(path, half);
  return known;
}
