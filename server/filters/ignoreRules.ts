// .gitignore and .graftignore of every folder, deepest last, as git reads them; and what .gitattributes calls generated or vendored.
// Files that git tracks in spite of .gitignore are ignored here all the same: their owner did not want them looked at.
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import type { Refusal, RefusalReason } from './refusal.ts';

export interface IgnoreFile {
  /** Path in the repository; its last part is .gitignore, .graftignore or .gitattributes. */
  readonly path: string;
  readonly text: string;
}

interface Rules {
  /** With the final slash; '' at the root. */
  readonly folder: string;
  readonly name: string;
  readonly patterns: Ignore;
  readonly reason: RefusalReason;
}

const order = ['.gitattributes', '.gitignore', '.graftignore'];

export function isIgnoreFile(path: string): boolean {
  return order.includes(nameOf(path));
}

/** In one folder .graftignore comes after .gitignore, so `!path` in it brings a file back. */
export function ignoreRules(files: readonly IgnoreFile[]): (path: string) => Refusal | null {
  const rules = files
    .flatMap(rulesOf)
    .sort((a, b) => a.folder.length - b.folder.length || order.indexOf(a.name) - order.indexOf(b.name));
  return (path) => {
    let refusal: Refusal | null = null;
    for (const { folder, name, patterns, reason } of rules) {
      if (!path.startsWith(folder) || path.length === folder.length) continue;
      const { ignored, unignored } = patterns.test(path.slice(folder.length));
      if (ignored) refusal = { reason, detail: `${folder}${name} lists it` };
      else if (unignored && reason === refusal?.reason) refusal = null;
    }
    return refusal;
  };
}

function rulesOf({ path, text }: IgnoreFile): Rules[] {
  const name = nameOf(path);
  const folder = path.slice(0, path.length - name.length);
  if (name !== '.gitattributes') return [{ folder, name, patterns: ignore({ ignorecase: false }).add(text), reason: 'ignored' }];
  const attributes: readonly (readonly [string, RefusalReason])[] = [
    ['linguist-generated', 'generated'],
    ['linguist-vendored', 'vendored'],
  ];
  return attributes.map(([attribute, reason]) => ({ folder, name, reason, patterns: ignore({ ignorecase: false }).add(patternsWith(text, attribute)) }));
}

/** Lines `pattern attribute …`; `-attribute` and `attribute=false` take it away again. */
function patternsWith(text: string, attribute: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...settings] = line.trim().split(/\s+/);
    if (pattern === undefined || pattern === '' || pattern.startsWith('#')) return [];
    if (settings.some((setting) => setting === attribute || setting === `${attribute}=true`)) return [pattern];
    if (settings.some((setting) => setting === `-${attribute}` || setting === `${attribute}=false`)) return [`!${pattern}`];
    return [];
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
