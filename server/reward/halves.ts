// Which half a file's probes and spans belong to. All of a file falls on one side (its items resemble each other, so a split
// inside a file would judge on what was chosen on), and what was once decided stays, because it is stored with each probe.
import { sha256 } from '../base/hash.ts';
import type { Half } from './probe.ts';

/**
 * `known` holds the halves of files met in earlier cycles. New files go, in an order given by a hash, to the half with fewer files:
 * a hash alone would leave small repositories with one half empty.
 */
export function assignHalves(paths: Iterable<string>, known: ReadonlyMap<string, Half>): Map<string, Half> {
  const halves = new Map(known);
  let balance = 0;
  for (const half of halves.values()) balance += half === 'judge' ? 1 : -1;
  const fresh = [...new Set(paths)].filter((path) => !halves.has(path)).map((path) => ({ path, hash: sha256(`half\0${path}`) }));
  for (const { path, hash } of fresh.sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
    const half: Half = balance < 0 || (balance === 0 && Number.parseInt(hash.slice(0, 8), 16) % 2 === 1) ? 'judge' : 'select';
    halves.set(path, half);
    balance += half === 'judge' ? 1 : -1;
  }
  return halves;
}

/** The halves that earlier items were given. */
export function knownHalves(items: Iterable<{ readonly path: string; readonly half: Half }>): Map<string, Half> {
  const known = new Map<string, Half>();
  for (const { path, half } of items) if (!known.has(path)) known.set(path, half);
  return known;
}
