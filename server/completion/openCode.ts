// The code that is open in the editor, as drafts are copied from it: other open documents, and the ring of places edited before. Mutable, owned by
// the completion service; an edit costs nothing here until the keys rest or another document is edited.
import type { CompletionDocument } from './completionRequest.ts';
import { emptyRing, ringRestMs, withChunkAround } from './contextRing.ts';
import { lexicalTokens } from './lexicalTokens.ts';
import { textDifference, type TextChange } from './textDifference.ts';

const longestDocument = 100_000;
const mostDocuments = 8;

export class OpenCode {
  /** Least recently edited first. */
  private readonly documents = new Map<string, CompletionDocument>();
  private readonly tokens = new Map<string, { readonly text: string; readonly tokens: readonly string[] }>();
  private ring = emptyRing;
  private pending: { readonly uri: string; readonly offset: number; readonly atMs: number } | null = null;

  /** What the edit did; null where the document is new or the same. */
  edited(document: CompletionDocument, atMs: number): TextChange | null {
    const old = this.documents.get(document.uri);
    this.documents.delete(document.uri);
    this.documents.set(document.uri, document);
    const change = old === undefined ? null : textDifference(old.text, document.text);
    if (change === null) return null;
    const { pending } = this;
    if (pending !== null && (pending.uri !== document.uri || atMs - pending.atMs >= ringRestMs)) this.remember(pending);
    this.pending = { uri: document.uri, offset: change.start, atMs };
    return change;
  }

  closed(uri: string): void {
    if (this.pending?.uri === uri) {
      this.remember(this.pending);
      this.pending = null;
    }
    this.documents.delete(uri);
    this.tokens.delete(uri);
  }

  textOf(uri: string): string | undefined {
    return this.documents.get(uri)?.text;
  }

  /** Tokens of the repository's other open code. */
  besides({ folder, path, uri }: CompletionDocument): (readonly string[])[] {
    const open = [...this.documents.values()].filter((document) => document.folder === folder && document.uri !== uri && document.text.length <= longestDocument).slice(-mostDocuments);
    const paths = new Set([path, ...open.map((document) => document.path)]);
    const chunks = this.ring.chunks.filter((chunk) => chunk.folder === folder && !paths.has(chunk.path));
    return [...open.map((document) => this.tokensOf(document)), ...chunks.map(({ tokens }) => tokens)];
  }

  private tokensOf({ uri, text }: CompletionDocument): readonly string[] {
    const known = this.tokens.get(uri);
    if (known?.text === text) return known.tokens;
    const tokens = lexicalTokens(text);
    this.tokens.set(uri, { text, tokens });
    return tokens;
  }

  private remember({ uri, offset }: { readonly uri: string; readonly offset: number }): void {
    const document = this.documents.get(uri);
    if (document !== undefined) this.ring = withChunkAround(this.ring, { ...document, offset });
  }
}
