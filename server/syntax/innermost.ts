// Of declarations that lie in one another, the one around an offset that has no other inside it.
import type { Declaration } from './declaration.ts';

export function innermost(declarations: readonly Declaration[], offset: number): Declaration | null {
  let found: Declaration | null = null;
  for (const declaration of declarations) {
    const { start, end } = declaration.range;
    if (start <= offset && offset < end && (found === null || end - start <= found.range.end - found.range.start)) found = declaration;
  }
  return found;
}
