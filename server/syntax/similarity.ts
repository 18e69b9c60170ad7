// How alike two declarations are, their own names apart: what tells a rename from a removal beside an addition.
import type { Declaration } from './declaration.ts';
import { normalisedCode } from './normalisedCode.ts';

/** Bags of words and operators, made once per declaration; brackets and separators say nothing and are left out. */
export interface Fingerprint {
  readonly head: Bag;
  readonly body: Bag;
}

interface Bag {
  readonly tokens: ReadonlyMap<string, number>;
  readonly count: number;
}

/** The weight of the body; signatures resemble each other by nature. */
const bodyWeight = 0.7;
/** Declarations with fewer tokens are too small to call alike unless they are the same. */
const tellingTokens = 10;

export function fingerprintOf(declaration: Declaration): Fingerprint {
  const { path, text, range, body, qualifiedName } = declaration;
  // A recursive function names itself, a constructor call its class: neither makes it another function when the name changes.
  const own = new Set(qualifiedName.split('.'));
  const [start, end] = body === undefined ? [text.length, text.length] : [body.start - range.start, body.end - range.start];
  return { head: bagOf(path, text.slice(0, start) + text.slice(end), own), body: bagOf(path, text.slice(start, end), own) };
}

/** 0 nothing in common, 1 the same but for the name. */
export function similarity(a: Fingerprint, b: Fingerprint): number {
  const head = dice(a.head, b.head);
  const score = a.body.count + b.body.count === 0 ? head : bodyWeight * dice(a.body, b.body) + (1 - bodyWeight) * head;
  const tokens = Math.min(a.head.count + a.body.count, b.head.count + b.body.count);
  return tokens < tellingTokens && score < 1 ? 0 : score;
}

function bagOf(path: string, code: string, own: ReadonlySet<string>): Bag {
  const tokens = new Map<string, number>();
  let count = 0;
  for (const token of normalisedCode(path, code).match(/[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s(){}[\];,:]/gu) ?? []) {
    const key = own.has(token) ? '\0own' : token;
    tokens.set(key, (tokens.get(key) ?? 0) + 1);
    count++;
  }
  return { tokens, count };
}

/** Twice what both hold, over what they hold together. */
function dice(a: Bag, b: Bag): number {
  const total = a.count + b.count;
  if (total === 0) return 1;
  const [small, large] = a.tokens.size <= b.tokens.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [token, count] of small.tokens) shared += Math.min(count, large.tokens.get(token) ?? 0);
  return (2 * shared) / total;
}
