// Text to token ids and back, for byte-level BPE tokenizers (Qwen, Llama 3, the starter family). Text from a repository
// never becomes a special token: it is encoded by an instance that knows none; specials are added by name.

/** Turns streamed ids into text; bytes that do not yet form a whole character are held back. */
export interface TextStream {
  /** The text that `id` completes; '' while a character or a possible stop string is incomplete. */
  push(id: number): { readonly text: string; readonly stopped: boolean };
  /** What was held back, invalid bytes as U+FFFD; the stream is finished. */
  end(): string;
}

/** The part of a tokenizer that decoding needs. */
export interface TokenText {
  /** Ids at which generation ends: the end-of-text token and the family's other stops. */
  readonly stopIds: ReadonlySet<number>;
  /** `stop`: strings before the first of which the text ends. */
  stream(stop?: readonly string[]): TextStream;
}

export interface Tokenizer extends TokenText {
  /** Highest id + 1: the embedding must have at least as many rows. */
  readonly vocabularySize: number;
  readonly endOfText: number;
  /** Plain text; what looks like a special token stays text. Lone surrogates become U+FFFD. */
  encode(text: string): number[];
  /** Special tokens as their names, except end-of-text, which is left out. */
  decode(ids: Iterable<number>): string;
  /** Id of a special token, e.g. '<|fim_prefix|>'. */
  special(name: string): number | undefined;
}
