// Which pairs a suggestion is nearest to: by the words that it shares with a pair's answer, rare words counting more. A simple measure that
// says "this was taught there", not "this pair caused it": weights cannot be asked that.
import { isKeyword } from '../../selfEdit/commonNames.ts';
import type { StoredPair } from '../../selfEdit/selectReplay.ts';

export interface NearPair {
  readonly pair: StoredPair;
  /** Cosine of word counts weighted by rarity (tf-idf) over all pairs given: 0 nothing shared, 1 the same words. */
  readonly similarity: number;
}

const shown = 5;
/** Below this the shared words are those that all code shares. */
const leastSimilarity = 0.1;

/** Nearest first, one per declaration. */
export function nearestPairs(line: string, pairs: readonly StoredPair[]): NearPair[] {
  const bags = pairs.map((pair) => ({ pair, words: wordsOf(`${pair.pair.declaration} ${pair.pair.example.answer}`) }));
  const holders = new Map<string, number>();
  for (const { words } of bags) for (const word of words.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  const weight = (word: string): number => Math.log(1 + bags.length / (holders.get(word) ?? 1));
  const asked = wordsOf(line);
  const near = bags
    .map(({ pair, words }) => ({ pair, similarity: cosine(asked, words, weight) }))
    .filter(({ similarity }) => similarity >= leastSimilarity)
    .sort((a, b) => b.similarity - a.similarity || a.pair.age - b.pair.age);
  const declarations = new Set<string>();
  return near
    .filter(({ pair: { pair } }) => {
      const key = `${pair.path}#${pair.declaration}`;
      if (declarations.has(key)) return false;
      declarations.add(key);
      return true;
    })
    .slice(0, shown);
}

/** Whole identifiers and their parts: `ledgerTotal` also counts as `ledger` and `total`. Keywords say nothing. */
function wordsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (word: string): void => void counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const name of text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []) {
    if (isKeyword(name)) continue;
    add(name);
    const parts = name.split(/_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((part) => part.length > 1);
    if (parts.length > 1) for (const part of parts) add(part.toLowerCase());
  }
  return counts;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, weight: (word: string) => number): number {
  let product = 0;
  for (const [word, count] of a) product += count * (b.get(word) ?? 0) * weight(word) ** 2;
  const norm = (words: ReadonlyMap<string, number>): number => Math.sqrt([...words].reduce((sum, [word, count]) => sum + (count * weight(word)) ** 2, 0));
  return product === 0 ? 0 : product / (norm(a) * norm(b));
}
