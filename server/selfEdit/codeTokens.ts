// A lexer for code that may be a fragment, cut anywhere: words, numbers, strings, comments and punctuation with their places.
// Not tree-sitter: what a model wrote must be read even where no grammar can make sense of it.

export interface CodeToken {
  readonly kind: 'word' | 'number' | 'string' | 'comment' | 'punctuation';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** False on a string or comment that runs to the end of its line or of the text. */
  readonly closed: boolean;
}

export type CodeStyle = 'curly' | 'python';

export function codeStyleOf(path: string): CodeStyle {
  return /\.pyi?$/.test(path) ? 'python' : 'curly';
}

/** Substitutions of template strings are tokens of their own between the string's pieces. */
export function codeTokens(code: string, style: CodeStyle): CodeToken[] {
  const tokens: CodeToken[] = [];
  /** Depth of `{` inside each open template substitution, innermost last. */
  const substitutions: number[] = [];
  let at = 0;
  const add = (kind: CodeToken['kind'], end: number, closed = true): void => {
    tokens.push({ kind, text: code.slice(at, end), start: at, end, closed });
    at = end;
  };
  const addTemplatePiece = (from: number): void => {
    let end = from;
    while (end < code.length && code[end] !== '`' && !code.startsWith('${', end)) end += code[end] === '\\' ? 2 : 1;
    if (end >= code.length) return add('string', code.length, false);
    if (code[end] === '`') return add('string', end + 1);
    add('string', end + 2);
    substitutions.push(0);
  };
  while (at < code.length) {
    const character = code[at] as string;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const word = matchAt(wordPattern, code, at);
    if (word > 0) add('word', at + word);
    else if (/\d/.test(character)) add('number', at + matchAt(numberPattern, code, at));
    else if (style === 'python' ? character === '#' : code.startsWith('//', at)) add('comment', indexOr(code, '\n', at));
    else if (style === 'curly' && code.startsWith('/*', at)) {
      const close = code.indexOf('*/', at + 2);
      add('comment', close < 0 ? code.length : close + 2, close >= 0);
    } else if (character === '"' || character === "'") {
      const triple = style === 'python' && code.startsWith(character.repeat(3), at);
      const { end, closed } = endOfString(code, at, triple ? character.repeat(3) : character);
      add('string', end, closed);
    } else if (style === 'curly' && character === '`') addTemplatePiece(at + 1);
    else if (style === 'curly' && character === '/' && opensRegExp(tokens.at(-1))) {
      const length = matchAt(regExpPattern, code, at);
      if (length > 0) add('string', at + length);
      else add('punctuation', at + 1);
    } else {
      const depth = substitutions.at(-1);
      if (depth !== undefined && character === '}' && depth === 0) {
        substitutions.pop();
        addTemplatePiece(at + 1);
        continue;
      }
      if (depth !== undefined && (character === '{' || character === '}')) substitutions[substitutions.length - 1] = depth + (character === '{' ? 1 : -1);
      add('punctuation', at + 1);
    }
  }
  return tokens;
}

/** Offset after the bracket that closes the one at `open`, or -1. */
export function endOfBracket(code: string, open: number, style: CodeStyle): number {
  let depth = 0;
  // A call that spans more than this is not filled in anyway.
  const tokens = codeTokens(code.slice(open, open + 4000), style);
  for (const token of tokens) {
    if (token.kind !== 'punctuation') continue;
    if ('([{'.includes(token.text)) depth++;
    if (')]}'.includes(token.text) && --depth === 0) return open + token.end;
  }
  return -1;
}

/** True unless a bracket closes what was never opened, brackets cross, or a string or comment stays open. Open brackets at the end are allowed. */
export function isCodeFragment(code: string, style: CodeStyle): boolean {
  const open: string[] = [];
  for (const token of codeTokens(code, style)) {
    if (!token.closed) return false;
    if (token.kind !== 'punctuation') continue;
    if (token.text === '(') open.push(')');
    else if (token.text === '[') open.push(']');
    else if (token.text === '{') open.push('}');
    else if (')]}'.includes(token.text) && open.pop() !== token.text) return false;
  }
  return true;
}

const wordPattern = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const numberPattern = /\d[\w.]*/y;
const regExpPattern = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

function matchAt(pattern: RegExp, code: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(code)?.[0].length ?? 0;
}

function indexOr(code: string, what: string, from: number): number {
  const found = code.indexOf(what, from);
  return found < 0 ? code.length : found;
}

function endOfString(code: string, at: number, quote: string): { readonly end: number; readonly closed: boolean } {
  let end = at + quote.length;
  while (end < code.length && !code.startsWith(quote, end)) {
    if (code[end] === '\n' && quote.length === 1) return { end, closed: false };
    end += code[end] === '\\' ? 2 : 1;
  }
  return end < code.length ? { end: end + quote.length, closed: true } : { end: code.length, closed: false };
}

function opensRegExp(previous: CodeToken | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'word') return /^(?:return|typeof|case|in|of|do|else|void|await|yield)$/.test(previous.text);
  return previous.kind === 'punctuation' && !')]}'.includes(previous.text);
}
