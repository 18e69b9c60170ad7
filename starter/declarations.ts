// Declarations, imports and call sites of one source file, from its tree-sitter tree; broken code simply yields fewer of them.
// Invariant: every string returned is a piece of the file, so whatever is built from them is grounded in it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { Change } from './templates.ts';

export interface Parameter {
  name: string;
  type: string;
  isOptional: boolean;
}
export interface Declaration {
  kind: Change['declarationKind'];
  name: string;
  qualifiedName: string;
  path: string;
  isExported: boolean;
  isAsync: boolean;
  isStatic: boolean;
  /** From the doc comment's or declaration's first character to the last. */
  start: number;
  end: number;
  text: string;
  /** Up to the body, without the opening brace, on one line. */
  signature: string;
  body: { start: number; end: number } | undefined;
  parameters: Parameter[];
  returnType: string;
  throws: string[];
  members: string[];
  extends: string;
}
export interface Call {
  name: string;
  text: string;
  start: number;
  end: number;
  callerName: string;
}
export interface ParsedFile {
  path: string;
  text: string;
  declarations: Declaration[];
  calls: Call[];
  /** Imported name to the module it comes from. */
  imports: Map<string, string>;
  /** Ranges of expressions of 3-80 characters, for fill-in-the-middle. */
  expressions: { start: number; end: number }[];
}

type LanguageName = 'typescript' | 'tsx' | 'javascript' | 'python';

export class SyntaxReader {
  readonly #languages: Record<LanguageName, Language>;
  readonly #parser = new Parser();

  private constructor(languages: Record<LanguageName, Language>) {
    this.#languages = languages;
  }

  static async create(modules = join(import.meta.dirname, '../node_modules')): Promise<SyntaxReader> {
    await Parser.init();
    const load = (file: string): Promise<Language> => Language.load(readFileSync(join(modules, file)));
    return new SyntaxReader({
      typescript: await load('tree-sitter-typescript/tree-sitter-typescript.wasm'),
      tsx: await load('tree-sitter-typescript/tree-sitter-tsx.wasm'),
      javascript: await load('tree-sitter-javascript/tree-sitter-javascript.wasm'),
      python: await load('tree-sitter-python/tree-sitter-python.wasm'),
    });
  }

  read(path: string, text: string): ParsedFile {
    const name: LanguageName = path.endsWith('.py') ? 'python' : /\.[jt]sx$/.test(path) ? 'tsx' : /\.m?ts$/.test(path) ? 'typescript' : 'javascript';
    this.#parser.setLanguage(this.#languages[name]);
    const tree = this.#parser.parse(text);
    if (tree === null) throw new Error(`${path}: the parser was given no language`);
    const file: ParsedFile = { path, text, declarations: [], calls: [], imports: importsOf(text), expressions: [] };
    if (name === 'python') readPython(tree.rootNode, file, '');
    else readScript(tree.rootNode, file);
    readExpressions(tree.rootNode, file);
    tree.delete();
    return file;
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function importsOf(text: string): Map<string, string> {
  const imports = new Map<string, string>();
  const add = (names: string, from: string): void => {
    for (const item of names.split(',')) {
      const name = item.replace(/^\s*type\s+/, '').split(/\s+as\s+|:/).pop()!.trim();
      if (/^[\w$]+$/.test(name)) imports.set(name, from);
    }
  };
  for (const match of text.matchAll(/import\s+(?:type\s+)?([^'";]*?)\s+from\s+['"]([^'"]+)['"]/g)) {
    const clause = match[1]!;
    const braces = /\{([^}]*)\}/.exec(clause);
    if (braces) add(braces[1]!, match[2]!);
    add(clause.replace(/\{[^}]*\}/, '').replace(/\*\s+as\s+/, ''), match[2]!);
  }
  for (const match of text.matchAll(/(?:const|let|var)\s+(?:\{([^}]*)\}|([\w$]+))\s*=\s*require\(['"]([^'"]+)['"]\)/g)) add(match[1] ?? match[2]!, match[3]!);
  for (const match of text.matchAll(/^from\s+([\w.]+)\s+import\s+\(?([^()\n]+|[^()]+\))/gm)) add(match[2]!.replace(')', ''), match[1]!);
  return imports;
}

function docStart(node: Node): number {
  let start = node.startIndex;
  let previous = node.previousNamedSibling;
  while (previous !== null && previous.type === 'comment' && node.startPosition.row - previous.endPosition.row <= 1) {
    start = previous.startIndex;
    node = previous;
    previous = previous.previousNamedSibling;
  }
  return start;
}

function readScript(root: Node, file: ParsedFile): void {
  for (const child of root.namedChildren) {
    if (child === null) continue;
    if (child.type === 'export_statement') {
      const inner = child.childForFieldName('declaration') ?? child.childForFieldName('value');
      if (inner !== null) readStatement(inner, child, file, true);
    } else readStatement(child, child, file, false);
  }
  collectCalls(root, file);
}

function readStatement(node: Node, whole: Node, file: ParsedFile, isExported: boolean): void {
  switch (node.type) {
    case 'function_declaration': case 'generator_function_declaration':
      addFunction(node, whole, file, { kind: 'function', owner: '', name: node.childForFieldName('name')?.text ?? '', isExported });
      return;
    case 'class_declaration': case 'abstract_class_declaration': case 'class':
      addClass(node, whole, file, node.childForFieldName('name')?.text ?? '', isExported);
      return;
    case 'interface_declaration': addShape(node, whole, file, 'interface', isExported); return;
    case 'type_alias_declaration': addShape(node, whole, file, 'type', isExported); return;
    case 'enum_declaration': addShape(node, whole, file, 'enum', isExported); return;
    case 'lexical_declaration': case 'variable_declaration':
      for (const child of node.namedChildren) if (child?.type === 'variable_declarator') addVariable(child, node.namedChildren.length === 1 ? whole : child, file, isExported);
      return;
    case 'expression_statement': {
      const assignment = node.namedChildren[0];
      if (assignment?.type !== 'assignment_expression') return;
      const left = assignment.childForFieldName('left')?.text ?? '';
      const right = assignment.childForFieldName('right');
      if (right === null || right === undefined) return;
      const target = /^(?:module\.)?exports\.([\w$]+)$/.exec(left);
      const method = /^([\w$]+)\.(?:prototype\.)?([\w$]+)$/.exec(left);
      if (isFunctionNode(right)) {
        if (target) addFunction(right, whole, file, { kind: 'function', owner: '', name: target[1]!, isExported: true });
        else if (left === 'module.exports') addFunction(right, whole, file, { kind: 'function', owner: '', name: right.childForFieldName('name')?.text ?? '', isExported: true });
        else if (method) addFunction(right, whole, file, { kind: 'method', owner: method[1]!, name: method[2]!, isExported: false });
      } else if (right.type === 'class') addClass(right, whole, file, right.childForFieldName('name')?.text ?? target?.[1] ?? '', true);
      else if (target && right.type !== 'identifier') addPlain(whole, file, 'constant', target[1]!, true);
    }
  }
}

const isFunctionNode = (node: Node): boolean => /^(arrow_function|function_expression|function|generator_function)$/.test(node.type);

function addVariable(node: Node, whole: Node, file: ParsedFile, isExported: boolean): void {
  const name = node.childForFieldName('name')?.text ?? '';
  const value = node.childForFieldName('value');
  if (!/^[\w$]+$/.test(name) || value === null) return;
  if (isFunctionNode(value)) addFunction(value, whole, file, { kind: 'function', owner: '', name, isExported });
  else if (value.type === 'class') addClass(value, whole, file, name, isExported);
  else if (!value.text.startsWith('require(')) addPlain(whole, file, 'constant', name, isExported);
}

function addPlain(whole: Node, file: ParsedFile, kind: Declaration['kind'], name: string, isExported: boolean): Declaration {
  const start = docStart(whole);
  const firstLine = whole.text.split('\n')[0]!;
  const declaration: Declaration = {
    kind, name, qualifiedName: name, path: file.path, isExported, isAsync: false, isStatic: false, start, end: whole.endIndex, text: file.text.slice(start, whole.endIndex),
    signature: oneLine(firstLine).slice(0, 160), body: undefined, parameters: [], returnType: '', throws: [], members: [], extends: '',
  };
  file.declarations.push(declaration);
  return declaration;
}

function addShape(node: Node, whole: Node, file: ParsedFile, kind: 'interface' | 'type' | 'enum', isExported: boolean): void {
  const name = node.childForFieldName('name')?.text ?? '';
  const declaration = addPlain(whole, file, kind, name, isExported);
  const body = node.childForFieldName('body') ?? node.childForFieldName('value');
  if (kind !== 'type') declaration.signature = oneLine(file.text.slice(whole.startIndex, body?.startIndex ?? whole.endIndex));
  for (const member of body?.namedChildren ?? []) {
    const memberName = member?.type === 'property_identifier' ? member.text : member?.childForFieldName('name')?.text;
    if (memberName !== undefined && /^[\w$]+$/.test(memberName)) declaration.members.push(memberName);
  }
}

function addClass(node: Node, whole: Node, file: ParsedFile, name: string, isExported: boolean): void {
  if (name === '') return;
  const body = node.childForFieldName('body');
  const declaration = addPlain(whole, file, 'class', name, isExported);
  declaration.signature = oneLine(file.text.slice(whole.startIndex, body?.startIndex ?? whole.endIndex));
  const heritage = node.namedChildren.find((child) => child?.type === 'class_heritage');
  declaration.extends = /extends\s+([\w$.]+)/.exec(heritage?.text ?? '')?.[1] ?? '';
  for (const member of body?.namedChildren ?? []) {
    if (member?.type !== 'method_definition') continue;
    const memberName = member.childForFieldName('name')?.text ?? '';
    if (!/^#?[\w$]+$/.test(memberName)) continue;
    if (!declaration.members.includes(memberName)) declaration.members.push(memberName);
    addFunction(member, member, file, { kind: 'method', owner: name, name: memberName, isExported });
  }
}

function addFunction(node: Node, whole: Node, file: ParsedFile, about: { kind: 'function' | 'method'; owner: string; name: string; isExported: boolean }): void {
  if (!/^#?[\w$]+$/.test(about.name)) return;
  const body = node.childForFieldName('body');
  const start = docStart(whole);
  const list = node.childForFieldName('parameters') ?? node.childForFieldName('parameter');
  const isBlock = body !== null && body.type === 'statement_block';
  const bodyText = body?.text ?? '';
  file.declarations.push({
    kind: about.kind, name: about.name, qualifiedName: about.owner === '' ? about.name : `${about.owner}.${about.name}`, path: file.path, isExported: about.isExported,
    isAsync: /^(export\s+)?(default\s+)?(static\s+|public\s+|private\s+|protected\s+)*async\b|=\s*async\b/.test(whole.text.slice(0, 200)),
    isStatic: /^(public\s+|private\s+)?static\b/.test(whole.text), start, end: whole.endIndex, text: file.text.slice(start, whole.endIndex),
    signature: oneLine(file.text.slice(whole.startIndex, body?.startIndex ?? whole.endIndex)).slice(0, 300),
    body: isBlock ? { start: body.startIndex + 1, end: body.endIndex - 1 } : undefined,
    parameters: list === null ? [] : list.type === 'identifier' ? [{ name: list.text, type: '', isOptional: false }] : parametersOf(list),
    returnType: oneLine((node.childForFieldName('return_type')?.text ?? '').replace(/^:/, '')),
    throws: [...new Set([...bodyText.matchAll(/throw new ([\w$.]+)/g)].map((match) => match[1]!))].slice(0, 4), members: [], extends: '',
  });
}

function parametersOf(list: Node): Parameter[] {
  const parameters: Parameter[] = [];
  for (const node of list.namedChildren) {
    if (node === null || node.type === 'comment' || node.type === 'decorator') continue;
    const pattern = node.childForFieldName('pattern') ?? node.childForFieldName('left') ?? node.childForFieldName('name') ?? (node.type === 'typed_parameter' ? node.namedChildren[0]! : node);
    const name = oneLine(pattern.text.replace(/^(public|private|protected|readonly)\s+/g, ''));
    if (name === 'this' || name === 'self' || name === 'cls' || name === '/' || name === '*') continue;
    const type = oneLine((node.childForFieldName('type')?.text ?? '').replace(/^:/, ''));
    parameters.push({ name: name.length > 60 ? `${name.slice(0, 57).replace(/[^{,]*$/, '')}…` : name, type, isOptional: node.type === 'optional_parameter' || node.childForFieldName('value') !== null || node.childForFieldName('right') !== null });
  }
  return parameters;
}

function readPython(root: Node, file: ParsedFile, owner: string): void {
  for (const child of root.namedChildren) {
    if (child === null) continue;
    const node = child.type === 'decorated_definition' ? child.childForFieldName('definition') : child;
    const name = node?.childForFieldName('name')?.text ?? '';
    const body = node?.childForFieldName('body') ?? null;
    if (node?.type === 'class_definition' && owner === '' && body !== null) {
      const declaration = addPlain(child, file, 'class', name, !name.startsWith('_'));
      declaration.signature = oneLine(file.text.slice(node.startIndex, body.startIndex));
      declaration.extends = /\(([\w.]+)/.exec(node.childForFieldName('superclasses')?.text ?? '')?.[1] ?? '';
      readPython(body, file, name);
      declaration.members = file.declarations.filter((other) => other.kind === 'method' && other.qualifiedName.startsWith(`${name}.`)).map((other) => other.name);
    } else if (node?.type === 'function_definition' && body !== null) {
      const list = node.childForFieldName('parameters');
      file.declarations.push({
        kind: owner === '' ? 'function' : 'method', name, qualifiedName: owner === '' ? name : `${owner}.${name}`, path: file.path, isExported: !name.startsWith('_'),
        isAsync: node.text.startsWith('async'), isStatic: child.text.startsWith('@staticmethod'), start: child.startIndex, end: child.endIndex, text: child.text,
        signature: oneLine(file.text.slice(node.startIndex, body.startIndex).replace(/#.*$/gm, '')).slice(0, 300), body: { start: body.startIndex, end: body.endIndex },
        parameters: list === null ? [] : parametersOf(list), returnType: oneLine(node.childForFieldName('return_type')?.text ?? ''),
        throws: [...new Set([...body.text.matchAll(/raise ([\w.]+)/g)].map((match) => match[1]!))].slice(0, 4), members: [], extends: '',
      });
    }
  }
  if (owner === '') collectCalls(root, file);
}

function collectCalls(root: Node, file: ParsedFile): void {
  for (const node of root.descendantsOfType(['call_expression', 'call', 'new_expression'])) {
    if (node === null || node.endIndex - node.startIndex > 140) continue;
    const callee = node.childForFieldName('function') ?? node.childForFieldName('constructor');
    const name = /([\w$]+)$/.exec(callee?.text ?? '')?.[1];
    if (name === undefined) continue;
    const awaited = node.parent?.type === 'await_expression' ? node.parent : node;
    file.calls.push({ name, text: oneLine(awaited.text), start: node.startIndex, end: node.endIndex, callerName: '' });
  }
  const inside = file.declarations.filter((declaration) => declaration.kind === 'function' || declaration.kind === 'method');
  for (const call of file.calls) call.callerName = inside.find((declaration) => declaration.start <= call.start && call.end <= declaration.end)?.name ?? '';
}

function readExpressions(root: Node, file: ParsedFile): void {
  const types = ['call_expression', 'arguments', 'argument_list', 'binary_expression', 'object', 'array', 'member_expression', 'arrow_function', 'ternary_expression', 'template_string', 'type_annotation', 'formal_parameters', 'call', 'attribute', 'binary_operator', 'new_expression', 'string'];
  for (const node of root.descendantsOfType(types)) {
    if (node === null) continue;
    const length = node.endIndex - node.startIndex;
    if (length >= 4 && length <= 100) file.expressions.push({ start: node.startIndex, end: node.endIndex });
  }
}
