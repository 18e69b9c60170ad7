// Where a probe stands, as a cluster of the bootstrap: the innermost declaration around it, or a stretch of the file.
import type { Declaration } from '../syntax/declaration.ts';
import { innermost } from '../syntax/innermost.ts';
import type { Syntax } from '../syntax/syntax.ts';

/** Lines of code outside every declaration (the bodies of tests, mostly) that count as one place. */
const stretchLines = 30;

/** Each file's declarations are looked for once. */
export function placesIn(textOf: (path: string) => string | undefined, syntax: Syntax): (path: string, at: number) => string {
  const declared = new Map<string, readonly Declaration[]>();
  return (path, at) => {
    const text = textOf(path) ?? '';
    const all = declared.get(path) ?? syntax.declarations(path, text);
    declared.set(path, all);
    return innermost(all, at)?.qualifiedName ?? `stretch ${Math.floor((text.slice(0, at).split('\n').length - 1) / stretchLines)}`;
  };
}
