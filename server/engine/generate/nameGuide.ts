// Keeps a model to names that exist: inside backticks, and in an answer that is code, an identifier may only become one of the given words,
// and a bracket or quote may only close what is open (monitor-guided decoding, arXiv 2306.10763, with a list in place of a static
// analysis). Prose stays free.

export interface NamesAllowed {
  /** Identifiers; keywords too, since nothing else is known here. */
  readonly words: readonly string[];
  /** Everything after this text is code; absent: only what stands in backticks is. */
  readonly codeAfter?: string | undefined;
}

interface State {
  /** The identifier being written. */
  readonly word: string;
  readonly inBackticks: boolean;
  readonly isCode: boolean;
  /** The open quote, or ''. */
  readonly quote: string;
  /** Closing brackets that are due, innermost last. */
  readonly due: string;
}

export class NameGuide {
  private readonly sorted: readonly string[];
  private state: State = { word: '', inBackticks: false, isCode: false, quote: '', due: '' };

  constructor(private readonly names: NamesAllowed) {
    this.sorted = [...new Set(names.words)].sort();
  }

  /** Whether a token's text may come next; '' is the end. */
  allows(piece: string): boolean {
    return this.after(piece) !== null;
  }

  /** The token has come, allowed or not. */
  push(piece: string): void {
    this.state = this.after(piece) ?? { ...this.state, word: '' };
  }

  private after(piece: string): State | null {
    const { codeAfter } = this.names;
    const { state } = this;
    if (piece === '' || piece === codeAfter) {
      const isWhole = state.quote === '' && !state.inBackticks && (!isGuided(state) || this.isWord(state.word));
      return isWhole ? { word: '', inBackticks: false, isCode: state.isCode || piece !== '', quote: '', due: '' } : null;
    }
    // Asked of 128 tokens a step: one pass without a state per character.
    let { word, inBackticks, quote, due } = state;
    const { isCode } = state;
    for (const character of piece) {
      const guided = inBackticks || (isCode && quote === '');
      if (isWordCharacter(character)) {
        word += character;
        if (guided && !this.begins(word)) return null;
        continue;
      }
      if (guided && !this.isWord(word)) return null;
      word = '';
      // No string, and no name in backticks, goes over a line.
      if (character === '\n') {
        if (quote !== '' || inBackticks) return null;
      } else if (quote !== '') {
        if (character === quote) quote = '';
      } else if (!isCode) {
        if (character === '`') inBackticks = !inBackticks;
      } else if (character === '"' || character === "'" || character === '`') quote = character;
      else if ('([{'.includes(character)) due += ')]}'['([{'.indexOf(character)];
      else if (')]}'.includes(character)) {
        if (!due.endsWith(character)) return null;
        due = due.slice(0, -1);
      }
    }
    return { word, inBackticks, isCode, quote, due };
  }

  private isWord(word: string): boolean {
    return word === '' || /^\d/.test(word) || this.sorted[this.lowerBound(word)] === word;
  }

  private begins(word: string): boolean {
    return /^\d/.test(word) || (this.sorted[this.lowerBound(word)]?.startsWith(word) ?? false);
  }

  private lowerBound(word: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle] ?? '') < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isWordCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code >= 128) return /[\p{L}\p{N}]/u.test(character);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || character === '_' || character === '$';
}

function isGuided({ isCode, inBackticks, quote }: State): boolean {
  return inBackticks || (isCode && quote === '');
}
