// Declarations of one file, from grammars/<language>/declarations.scm. The queries name node types; this file knows none but those
// that decide how far a declaration reaches (export, decorators, the comment above).
import type { Node, QueryMatch } from 'web-tree-sitter';
import { folded } from '../base/folded.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration, DeclarationKind } from './declaration.ts';
import type { Parsed } from './parsers.ts';

/** In source order; a class before its members. */
export function declarationsOf(parsed: Parsed): Declaration[] {
  const found = new Map<number, Found>();
  const locals: Node[] = [];
  for (const match of parsed.matches('declarations')) {
    const local = capture(match, 'local');
    if (local) locals.push(local);
    const entry = local ? null : toFound(match);
    // Several patterns may fit one node (every function constant is also a constant): the first in the query file wins.
    const known = entry && found.get(entry.node.id);
    if (entry && (!known || entry.patternIndex < known.patternIndex)) found.set(entry.node.id, entry);
  }
  const hidden = coverage(locals);
  const visible = [...found.values()].filter(({ node }) => !hidden(node)).sort(byPosition);
  const containers = visible.filter((entry) => entry.isContainer);
  const file = { ...parsed, containers, exported: exportedNames(parsed.root) };
  return visible.flatMap((entry) => (entry.kind === null ? [] : [toDeclaration(file, entry, entry.kind)]));
}

interface FileFacts extends Parsed {
  readonly containers: readonly Found[];
  readonly exported: ReadonlySet<string>;
}

interface Found {
  readonly patternIndex: number;
  readonly node: Node;
  /** Null for a namespace: it is not a declaration, but its members take its name. */
  readonly kind: DeclarationKind | null;
  readonly isContainer: boolean;
  readonly nameNode: Node | null;
  readonly ownerName: string | null;
  readonly bodyNode: Node | null;
  readonly parameters: Node | null;
  readonly returnType: Node | null;
}

const kinds: readonly DeclarationKind[] = ['function', 'method', 'class', 'interface', 'type', 'enum', 'constant'];

function toFound(match: QueryMatch): Found | null {
  const kind = kinds.find((candidate) => capture(match, candidate) !== null) ?? null;
  const container = capture(match, 'container');
  const node = kind === null ? container : capture(match, kind);
  if (node === null) return null;
  return {
    patternIndex: match.patternIndex,
    node,
    kind,
    isContainer: container !== null,
    nameNode: capture(match, 'name'),
    ownerName: capture(match, 'owner')?.text ?? null,
    bodyNode: capture(match, 'body'),
    parameters: capture(match, 'parameters'),
    returnType: capture(match, 'returnType'),
  };
}

function capture(match: QueryMatch, name: string): Node | null {
  return match.captures.find((candidate) => candidate.name === name)?.node ?? null;
}

function byPosition(a: Found, b: Found): number {
  return a.node.startIndex - b.node.startIndex || b.node.endIndex - a.node.endIndex;
}

/** Whether a node lies inside one of these (and is not one itself). */
function coverage(nodes: readonly Node[]): (node: Node) => boolean {
  const sorted = [...nodes].sort((a, b) => a.startIndex - b.startIndex || b.endIndex - a.endIndex);
  // Outermost ranges do not overlap each other; a node equal to an outermost one is not inside it.
  const outermost: Node[] = [];
  for (const node of sorted) {
    const last = outermost.at(-1);
    if (last === undefined || node.startIndex >= last.endIndex) outermost.push(node);
  }
  return (node) => {
    let low = 0;
    let high = outermost.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((outermost[middle]?.startIndex ?? 0) <= node.startIndex) low = middle + 1;
      else high = middle;
    }
    const around = outermost[low - 1];
    if (around === undefined || node.endIndex > around.endIndex || node.id === around.id) return false;
    return !(node.startIndex === around.startIndex && node.endIndex === around.endIndex);
  };
}

function toDeclaration(file: FileFacts, entry: Found, ownKind: DeclarationKind): Declaration {
  const { text, path } = file;
  const around = file.containers.filter(
    ({ node }) => node.id !== entry.node.id && node.startIndex <= entry.node.startIndex && node.endIndex >= entry.node.endIndex,
  );
  const owner = around.at(-1);
  const kind = ownKind === 'function' && owner?.kind === 'class' ? 'method' : ownKind;
  const name = entry.nameNode === null ? 'default' : unquoted(entry.nameNode.text);
  const prefix = [...around.map(nameOf), ...(entry.ownerName === null ? [] : [entry.ownerName])];
  const outer = withExport(entry.node);
  const start = leadingStart(outer, text);
  const end = trailingEnd(outer, text);
  const body = entry.bodyNode === null ? undefined : inside(entry.bodyNode, text);
  return {
    kind,
    name,
    qualifiedName: [...prefix, name].join('.'),
    path,
    range: { start, end },
    ...(body === undefined ? {} : { body }),
    signature: signatureOf(text, outer, entry),
    text: text.slice(start, end),
    exported: isExported(outer, name, file),
    parameters: entry.parameters === null ? [] : parameterNames(entry.parameters),
    ...(entry.returnType === null ? {} : { returnType: folded(entry.returnType.text.replace(/^:\s*/, '')) }),
  };
}

function nameOf(entry: Found): string {
  return entry.nameNode === null ? 'default' : unquoted(entry.nameNode.text);
}

function unquoted(name: string): string {
  return folded(name.replace(/^(['"])(.*)\1$/s, '$2'));
}

const wrappers = new Set(['export_statement', 'ambient_declaration', 'decorated_definition']);

/** The statement that the declaration is part of: `const` around its only declarator, `export`, `declare`, decorators. */
function withExport(node: Node): Node {
  let outer = node;
  if (outer.type === 'variable_declarator' && outer.parent && outer.parent.namedChildCount === 1) outer = outer.parent;
  // A namespace stands in an expression statement of its own.
  if (outer.parent?.type === 'expression_statement') outer = outer.parent;
  while (outer.parent && wrappers.has(outer.parent.type)) outer = outer.parent;
  return outer;
}

/** Up to the comments and decorators that stand directly above, each on lines of its own. */
function leadingStart(node: Node, text: string): number {
  let first = node;
  for (;;) {
    const above = first.previousSibling;
    if (!above) break;
    if (above.type === 'decorator') first = above;
    else if (above.type === 'comment' && first.startPosition.row - above.endPosition.row <= 1 && startsLine(above, text)) first = above;
    else break;
  }
  return first.startIndex;
}

function startsLine(node: Node, text: string): boolean {
  const lineStart = text.lastIndexOf('\n', node.startIndex - 1) + 1;
  return text.slice(lineStart, node.startIndex).trim() === '';
}

/** Class fields end before their semicolon in the tree. */
function trailingEnd(node: Node, text: string): number {
  return text[node.endIndex] === ';' ? node.endIndex + 1 : node.endIndex;
}

/** Between the braces; the whole node where there are none. An unclosed brace has nothing to cut at the end. */
function inside(node: Node, text: string): TextRange {
  const isBlock = /(?:_block|_body|body|object_type)$/.test(node.type) && text[node.startIndex] === '{';
  if (!isBlock) return { start: node.startIndex, end: node.endIndex };
  const closed = node.lastChild !== null && node.lastChild.type === '}' && !node.lastChild.isMissing;
  return { start: node.startIndex + 1, end: closed ? node.endIndex - 1 : node.endIndex };
}

function signatureOf(text: string, outer: Node, entry: Found): string {
  const start = outer.startIndex;
  const decorators = outer.namedChildren.filter((child) => child.type === 'decorator');
  const from = decorators.at(-1)?.endIndex ?? start;
  const end = entry.bodyNode?.startIndex ?? outer.endIndex;
  // Among several declarators the keyword is on the statement, which is not part of the declaration's own text.
  const keyword = outer.type === 'variable_declarator' ? `${outer.parent?.firstChild?.text ?? ''} ` : '';
  return folded(`${keyword}${text.slice(Math.min(from, end), end)}`)
    .replace(/(?:=>|[{=:;])\s*$/, '')
    .trim();
}

function isExported(outer: Node, name: string, file: FileFacts): boolean {
  if (file.grammar === 'python') return !name.startsWith('_');
  const statement = outer.type === 'variable_declarator' ? outer.parent?.parent : outer;
  if (statement?.type === 'export_statement') return true;
  if (outer.type === 'expression_statement' && /^(?:module\.)?exports\b/.test(outer.text)) return true;
  if (outer.parent?.type === 'statement_block') return false;
  const owner = outer.parent?.type === 'class_body' ? outer.parent.parent : null;
  if (owner === null) return file.exported.has(name);
  const isPrivate = outer.children.some((child) => child.type === 'accessibility_modifier' && child.text !== 'public') || name.startsWith('#');
  return !isPrivate && isExported(withExport(owner), owner.childForFieldName('name')?.text ?? '', file);
}

/** Names that `export { name }` or `module.exports = { name }` hands out, anywhere at the top of the file. */
function exportedNames(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of root.namedChildren) {
    if (statement.type === 'export_statement' && !statement.childForFieldName('source')) {
      for (const specifier of statement.descendantsOfType('export_specifier')) {
        names.add(specifier.childForFieldName('name')?.text ?? '');
      }
    } else if (statement.type === 'expression_statement' && statement.text.startsWith('module.exports')) {
      for (const node of statement.descendantsOfType(['shorthand_property_identifier', 'identifier'])) names.add(node.text);
    }
  }
  return names;
}

/** Names as written: a destructured parameter is its pattern. `this` and Python's bare `*` and `/` are no parameters. */
function parameterNames(parameters: Node): string[] {
  const list = parameters.type === 'identifier' ? [parameters] : parameters.namedChildren;
  return list
    .filter((node) => node.type !== 'comment' && !node.type.endsWith('_separator'))
    .map((node) => {
      const named = node.childForFieldName('pattern') ?? node.childForFieldName('name') ?? node.childForFieldName('left');
      return folded((named ?? (node.type === 'typed_parameter' ? node.firstNamedChild : node) ?? node).text);
    })
    .filter((name) => name !== 'this');
}
