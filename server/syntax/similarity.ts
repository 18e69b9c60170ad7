// How alike two declarations are, their own names apart: what tells a rename from a removal beside an addition.
import type { Declaration } from './declaration.ts';
import { normalisedCode } from './normalisedCode.ts';

/** Bags of tokens with the declaration's own name (and its class's) replaced; made once per declaration. */
export interface Fingerprint {
  readonly tokens: ReadonlyMap<string, number>;
  readonly count: number;
}

export function fingerprintOf(declaration: Declaration): Fingerprint {
  const own = new Set(declaration.qualifiedName.split('.'));
  const tokens = new Map<string, number>();
  let count = 0;
  for (const token of normalisedCode(declaration.path, declaration.text).match(/[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s]/gu) ?? []) {
    const key = own.has(token) ? '\0own' : token;
    tokens.set(key, (tokens.get(key) ?? 0) + 1);
    count++;
  }
  return { tokens, count };
}

/** Dice coefficient of the two bags: 0 nothing in common, 1 the same tokens. */
export function similarity(a: Fingerprint, b: Fingerprint): number {
  const total = a.count + b.count;
  // The smaller count bounds the overlap: most pairs need no counting.
  if (total === 0 || (2 * Math.min(a.count, b.count)) / total < 0.4) return 0;
  const [small, large] = a.tokens.size <= b.tokens.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [token, count] of small.tokens) shared += Math.min(count, large.tokens.get(token) ?? 0);
  return (2 * shared) / total;
}
