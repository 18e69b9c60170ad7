// Is a written pair about the code it names? Every identifier in it must stand in the change, its file, or be declared in the repository,
// and what is said of the present must not be in the past only.
import type { Form } from '../base/prompt.ts';
import type { Change } from '../syntax/declaration.ts';
import { codeStyleOf, codeTokens, isCodeFragment, type CodeStyle } from './codeTokens.ts';
import { isCommonName, isKeyword } from './commonNames.ts';
import type { DroppedPair } from './pair.ts';
import type { ParsedTree } from './parsedTree.ts';
import type { WrittenPair } from './writtenPair.ts';

export interface Ground {
  readonly style: CodeStyle;
  /** Names in the change after the commit, in its file and declared in the repository. */
  readonly current: ReadonlySet<string>;
  /** Those of the change and its file alone. */
  readonly near: ReadonlySet<string>;
  /** Names that only the code before the commit has. */
  readonly past: ReadonlySet<string>;
  /** Names of the change itself that are not everybody's: a pair mentions at least one. */
  readonly own: ReadonlySet<string>;
}

export function groundOf(change: Change, tree: ParsedTree): Ground {
  const path = change.after?.path ?? change.before?.path ?? '';
  const style = codeStyleOf(path);
  const before = wordsOf(`${change.before?.text ?? ''} ${wordsIn(change.before?.path ?? '').join(' ')}`, style);
  const after = wordsOf(change.after?.text ?? '', style);
  const near = new Set([...after, ...wordsIn(`${change.after?.qualifiedName ?? change.before?.qualifiedName} ${path}`), ...wordsOf(tree.textOf(path) ?? '', style)]);
  const current = new Set([...near, ...declaredNames(tree)]);
  // A removed declaration's own name is the subject of what is said about it.
  if (change.after === undefined && change.before !== undefined) current.add(change.before.name);
  const past = new Set([...before].filter((name) => !current.has(name)));
  // `clear` is a common name, but not where it is what changed.
  const subjects = [change.before, change.after].flatMap((declaration) => wordsIn(declaration?.qualifiedName ?? ''));
  return { style, current, near, past, own: new Set([...[...before, ...after].filter((name) => !isCommonName(name)), ...subjects]) };
}

/** The reason against the pair, or null where it holds. */
export function ungrounded(pair: WrittenPair, ground: Ground): DroppedPair['reason'] | null {
  const answerIsCode = isCodeForm(pair.form) || looksLikeCode(pair.answer);
  if (isCodeForm(pair.form) && (!isCodeFragment(pair.answer, ground.style) || !/[\p{L}_]/u.test(pair.answer))) return 'notCode';
  const named = new Set([...namesInProse(pair.question, ground.style), ...(answerIsCode ? namesInCode(pair.answer, ground.style) : namesInProse(pair.answer, ground.style))]);
  const mayBePast = pair.form === 'contrast';
  let isAboutTheChange = mentions(`${pair.question}\n${pair.answer}`, ground.own);
  for (const name of named) {
    if (isCommonName(name) || ground.current.has(name)) continue;
    if (!ground.past.has(name)) return 'notGrounded';
    if (!mayBePast) return 'oldCode';
    isAboutTheChange = true;
  }
  return isAboutTheChange ? null : 'notGrounded';
}

export function isCodeForm(form: Form): boolean {
  return form === 'usage' || form === 'rewrite';
}

/** Names declared anywhere in the tree, and their parameters. */
export function declaredNames(tree: ParsedTree): ReadonlySet<string> {
  const known = declaredByTree.get(tree);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const path of tree.paths) {
    for (const declaration of tree.declarations(path)) {
      names.add(declaration.name);
      for (const parameter of declaration.parameters) for (const word of wordsOf(parameter, codeStyleOf(path))) names.add(word);
    }
    for (const word of wordsIn(path)) names.add(word);
  }
  declaredByTree.set(tree, names);
  return names;
}
const declaredByTree = new WeakMap<ParsedTree, ReadonlySet<string>>();

export function wordsOf(code: string, style: CodeStyle): Set<string> {
  const words = new Set<string>();
  for (const token of codeTokens(code, style)) {
    if (token.kind === 'word') words.add(token.text);
    // Names that stand in strings and comments (option values, error codes, documentation) are in the code too.
    else if (token.kind === 'string' || token.kind === 'comment') for (const word of wordsIn(token.text)) words.add(word);
  }
  return words;
}

/** Identifiers that code uses without introducing them itself. */
export function namesInCode(code: string, style: CodeStyle): Set<string> {
  const tokens = codeTokens(code, style).filter((token) => token.kind !== 'comment');
  const introduced = new Set<string>();
  const names = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' || isKeyword(token.text)) return;
    const previous = tokens[index - 1]?.text;
    if (previous === 'const' || previous === 'let' || previous === 'var' || (style === 'python' && previous === 'for')) introduced.add(token.text);
    else if (style === 'python' && tokens[index + 1]?.text === '=' && previous !== '.' && previous !== ',' && previous !== '(') introduced.add(token.text);
    else if (tokens[index + 1]?.text === '=' && tokens[index + 2]?.text === '>') introduced.add(token.text);
    else names.add(token.text);
  });
  for (const name of patternNames(tokens.map(({ text }) => text))) introduced.add(name);
  for (const name of introduced) names.delete(name);
  return names;
}

/** Names bound by `(a, b) =>`, `function (a, b)`, `catch (e)` and `const { a, b } =`. */
function patternNames(tokens: readonly string[]): Set<string> {
  const names = new Set<string>();
  tokens.forEach((text, index) => {
    if (text !== '(' && text !== '{' && text !== '[') return;
    const close = closing(tokens, index);
    if (close < 0) return;
    const previous = tokens[index - 1] ?? '';
    const isArrow = text === '(' && tokens[close + 1] === '=' && tokens[close + 2] === '>';
    const binds = isArrow || (text === '(' && (previous === 'function' || previous === 'catch' || tokens[index - 2] === 'function')) || (text !== '(' && /^(?:const|let|var)$/.test(previous));
    if (!binds) return;
    for (let at = index + 1; at < close; at++) {
      const word = tokens[at] ?? '';
      const before = tokens[at - 1] ?? '';
      // In parameters what follows a colon is a type; in a destructuring pattern it is the new name, and the property before it must exist.
      const isBound = text === '(' ? /^[(,.{[]$/.test(before) : text === '[' || before === ':';
      if (/^[\p{L}_$]/u.test(word) && !isKeyword(word) && isBound) names.add(word);
    }
  });
  return names;
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (/^[([{]$/.test(tokens[at] ?? '')) depth++;
    if (/^[)\]}]$/.test(tokens[at] ?? '') && --depth === 0) return at;
  }
  return -1;
}

/** In a sentence: what stands in backticks, and words that no sentence has: camelCase, snake_case, `a.b`, `call(`. */
export function namesInProse(text: string, style: CodeStyle): Set<string> {
  const names = new Set<string>();
  const rest = text.replace(/`([^`]*)`/g, (_, code: string) => {
    for (const name of namesInCode(code, style)) names.add(name);
    return ' ';
  });
  for (const match of rest.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*\(?/gu)) {
    const word = match[0].replace(/\($/, '');
    const isName = match[0].endsWith('(') || /[_$]|\p{Ll}\p{Lu}|\.|\p{L}\d/u.test(word);
    if (isName) for (const part of word.split('.')) if (!isKeyword(part)) names.add(part);
  }
  return names;
}

/** An answer to a question may be bare code: brackets, operators or a final semicolon, and no sentence around them. */
function looksLikeCode(text: string): boolean {
  if (/[.!?]\s*$/.test(text) || text.includes('`')) return false;
  return /[;{}]\s*$|=>|^\s*\(|[=(]\S*.*\)\s*$|^\s*(?:export|const|function|class|interface|type|def|import|return|await)\b/m.test(text);
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  return wordsIn(text).some((word) => names.has(word));
}

function wordsIn(text: string): string[] {
  return text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
}
