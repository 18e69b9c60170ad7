// Code without comments and without white space that carries no meaning: equal for two texts that differ only in layout.
// Lexical on purpose (no parser), so that it works on fragments and never changes with a grammar's version.

export function normalisedCode(path: string, code: string): string {
  return /\.pyi?$/.test(path) ? normalise(code, python) : normalise(code, curly);
}

type Skipper = (code: string, at: number, previous: string) => { readonly end: number; readonly keep: boolean } | null;

/** Copies tokens; one space remains only where two words (or two operators that would merge) meet. */
function normalise(code: string, skip: Skipper): string {
  let out = '';
  let gap = false;
  let at = 0;
  const add = (piece: string): void => {
    if (gap && out !== '' && merges(out[out.length - 1] as string, piece[0] as string)) out += ' ';
    out += piece;
    gap = false;
  };
  while (at < code.length) {
    const character = code[at] as string;
    if (/\s/.test(character)) {
      gap = true;
      at++;
      continue;
    }
    const special = skip(code, at, out);
    if (special === null) {
      add(character);
      at++;
    } else {
      if (special.keep) add(code.slice(at, special.end));
      else gap = true;
      at = special.end;
    }
  }
  return out;
}

function merges(left: string, right: string): boolean {
  const word = /[\p{L}\p{N}_$]/u;
  if (word.test(left)) return word.test(right);
  return /[+\-&|<>=!*/?.]/.test(left) && left === right;
}

/** TypeScript and JavaScript. */
const curly: Skipper = (code, at, previous) => {
  const character = code[at];
  if (character === '"' || character === "'") return { end: endOfString(code, at, character), keep: true };
  if (character === '`') return { end: endOfTemplate(code, at), keep: true };
  if (character !== '/') return null;
  if (code[at + 1] === '/') return { end: endOfLine(code, at), keep: false };
  if (code[at + 1] === '*') {
    const end = code.indexOf('*/', at + 2);
    return { end: end < 0 ? code.length : end + 2, keep: false };
  }
  // A slash where a value may start opens a regular expression; elsewhere it divides.
  const opens = previous === '' || /(?:[([{,;=:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|await|yield))$/.test(previous.slice(-8));
  return opens ? { end: endOfRegExp(code, at), keep: true } : null;
};

const python: Skipper = (code, at) => {
  const character = code[at];
  if (character === '#') return { end: endOfLine(code, at), keep: false };
  if (character !== '"' && character !== "'") return null;
  const triple = character.repeat(3);
  if (!code.startsWith(triple, at)) return { end: endOfString(code, at, character), keep: true };
  let end = at + 3;
  while (end < code.length && !code.startsWith(triple, end)) end += code[end] === '\\' ? 2 : 1;
  return { end: Math.min(end + 3, code.length), keep: true };
};

/** A string that never closes ends at its line's end, as parsers recover. */
function endOfString(code: string, at: number, quote: string): number {
  let end = at + 1;
  while (end < code.length && code[end] !== quote && code[end] !== '\n') end += code[end] === '\\' ? 2 : 1;
  return Math.min(end + (code[end] === quote ? 1 : 0), code.length);
}

/** The substitutions are kept as written; only their braces are counted. */
function endOfTemplate(code: string, at: number): number {
  let end = at + 1;
  while (end < code.length && code[end] !== '`') {
    if (code[end] === '\\') end += 2;
    else if (code.startsWith('${', end)) end = endOfSubstitution(code, end + 2);
    else end++;
  }
  return Math.min(end + 1, code.length);
}

function endOfSubstitution(code: string, at: number): number {
  let depth = 1;
  let end = at;
  while (end < code.length && depth > 0) {
    const character = code[end];
    if (character === '`') end = endOfTemplate(code, end);
    else if (character === '"' || character === "'") end = endOfString(code, end, character);
    else {
      if (character === '{') depth++;
      if (character === '}') depth--;
      end++;
    }
  }
  return end;
}

function endOfRegExp(code: string, at: number): number {
  let end = at + 1;
  let inClass = false;
  while (end < code.length && code[end] !== '\n' && (inClass || code[end] !== '/')) {
    if (code[end] === '[') inClass = true;
    if (code[end] === ']') inClass = false;
    end += code[end] === '\\' ? 2 : 1;
  }
  return Math.min(code[end] === '/' ? end + 1 : end, code.length);
}

function endOfLine(code: string, at: number): number {
  const end = code.indexOf('\n', at);
  return end < 0 ? code.length : end;
}
