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
    let state: State | null = this.state;
    if (piece === '' || piece === codeAfter) {
      const isWhole = state.quote === '' && !state.inBackticks && (!isGuided(state) || this.isWord(state.word));
      return isWhole ? { word: '', inBackticks: false, isCode: state.isCode || piece !== '', quote: '', due: '' } : null;
    }
    for (const character of piece) {
      state = this.next(state, character);
      if (state === null) return null;
    }
    return state;
  }

  private next(state: State, character: string): State | null {
    if (/[\p{L}\p{N}_$]/u.test(character)) {
      const word = state.word + character;
      return isGuided(state) && !this.begins(word) ? null : { ...state, word };
    }
    if (isGuided(state) && !this.isWord(state.word)) return null;
    const ended = { ...state, word: '' };
    // No string, and no name in backticks, goes over a line.
    if (character === '\n') return state.quote !== '' || state.inBackticks ? null : ended;
    if (state.quote !== '') return character === state.quote ? { ...ended, quote: '' } : ended;
    if (!state.isCode) return character === '`' ? { ...ended, inBackticks: !state.inBackticks } : ended;
    if (character === '"' || character === "'" || character === '`') return { ...ended, quote: character };
    const opened = '([{'.indexOf(character);
    if (opened >= 0) return { ...ended, due: state.due + ')]}'[opened] };
    if (!')]}'.includes(character)) return ended;
    return state.due.endsWith(character) ? { ...ended, due: state.due.slice(0, -1) } : null;
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

function isGuided({ isCode, inBackticks, quote }: State): boolean {
  return inBackticks || (isCode && quote === '');
}
