// Which old pairs are trained again beside the new ones. We own the whole history, so replay is of true pairs, not of made-up ones.
import { Random } from '../base/random.ts';
import { exampleTokens } from './exampleTokens.ts';
import { leakCheck, type KeptOut } from './keptOut.ts';
import type { Pair } from './pair.ts';
import type { ParsedTree } from './parsedTree.ts';
import { stillGrounded } from './stillGrounded.ts';

export interface StoredPair {
  readonly pair: Pair;
  /** The version that first learnt it. */
  readonly version: string;
  /** 0 for the newest version on the branch's line, counting back. */
  readonly age: number;
}

export interface ReplayOptions {
  readonly tree: ParsedTree;
  readonly keptOut: KeptOut;
  /** Share of replay among all tokens that are trained; a recipe's, 0.1 to 0.25. */
  readonly share: number;
  /** Tokens of the new pairs. */
  readonly newTokens: number;
  readonly seed: number;
}

/** Balanced over files and, within a file, over ages. Pairs that no longer hold, or that show a probe of today, are left out. */
export function selectReplay(stored: readonly StoredPair[], options: ReplayOptions): Pair[] {
  const { tree, share, newTokens } = options;
  const random = new Random(options.seed);
  const leak = leakCheck(options.keptOut);
  const budgetTokens = (newTokens * share) / (1 - share);
  const seen = new Set<string>();
  const valid = random.shuffled(stored).filter(({ pair }) => {
    if (seen.has(pair.id) || leak(pair) !== null || !stillGrounded(pair, tree)) return false;
    seen.add(pair.id);
    return true;
  });
  const files = [...grouped(valid, ({ pair }) => pair.path).values()].map((ofFile) => alternating([...grouped(ofFile, ({ age }) => String(age)).values()]));
  const chosen: Pair[] = [];
  let tokens = 0;
  for (const { pair, version } of alternating(random.shuffled(files))) {
    const cost = exampleTokens(pair.example, tree.tools.countTokens);
    if (tokens + cost > budgetTokens) continue;
    tokens += cost;
    chosen.push({ ...pair, replayOf: pair.replayOf ?? version });
  }
  return chosen;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function alternating<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}
