// The control: a candidate with as much text as the winner, trained under its recipe from the same version, but on another repository's
// pairs. What it gains is format, not knowledge; how often it would be promoted is how often our gates are fooled.
import { sha256 } from '../base/hash.ts';
import type { Random } from '../base/random.ts';
import type { Pair } from '../selfEdit/pair.ts';
import type { Candidate } from './candidates.ts';
import { learning } from './constants.ts';

export type PlaceboUse = 'sample' | 'always' | 'never';

/** The same commit always decides the same way, whoever learns it. */
export function isPlaceboCycle(head: string, use: PlaceboUse): boolean {
  if (use !== 'sample') return use === 'always';
  return Number.parseInt(sha256(`placebo\0${head}`).slice(0, 8), 16) % learning.placeboEvery === 0;
}

/** Null where there are no foreign pairs to train on. */
export function placeboOf(winner: Candidate, foreign: readonly Pair[], random: Random): Candidate | null {
  if (foreign.length === 0) return null;
  const shuffled = random.shuffled(foreign);
  let missing = winner.selfEdit.pairs.reduce((sum, pair) => sum + lengthOf(pair), 0);
  const pairs: Pair[] = [];
  while (missing > 0) {
    const pair = shuffled[pairs.length % shuffled.length] as Pair;
    pairs.push(pair);
    missing -= lengthOf(pair);
  }
  return { name: 'placebo', selfEdit: { ...winner.selfEdit, pairs }, replay: winner.replay };
}

function lengthOf({ example }: Pair): number {
  return JSON.stringify(example).length;
}
