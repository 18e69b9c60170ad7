// The editor's side of typing: changes a document key by key, asks for an inline completion and says when one is shown, as the extension does.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { editorNotifications } from '../server/protocol/assistant.ts';
import { textDifference } from '../server/completion/textDifference.ts';
import type { LanguageClient } from '../test/support/languageClient.ts';

export interface Answered {
  readonly milliseconds: number;
  /** Null: no suggestion. */
  readonly shown: string | null;
  readonly isWarm: boolean;
  /** It is what was shown before, typed through. */
  readonly isHit: boolean;
}

interface Item {
  readonly insertText: string;
  readonly command: { readonly arguments: [string] };
}

export class DocumentTyping {
  private readonly texts = new Map<string, string>();
  private version = 1;
  private last: { readonly path: string; readonly offset: number; readonly shown: string | null } | null = null;

  constructor(
    private readonly client: LanguageClient,
    private readonly folder: string,
  ) {}

  async press(path: string, { text, offset }: { readonly text: string; readonly offset: number }, { isWarm }: { readonly isWarm: boolean }): Promise<Answered> {
    const { last } = this;
    await this.change(path, text);
    const typed = last !== null && last.path === path && last.offset < offset ? text.slice(last.offset, offset) : '';
    const isHit = typed !== '' && last?.shown !== null && last !== null && last.shown.length > typed.length && last.shown.startsWith(typed);
    const { milliseconds, shown } = await this.ask(path, offset);
    return { milliseconds, shown, isWarm, isHit };
  }

  /** The last place once more. */
  askAgain(path: string): Promise<{ milliseconds: number; shown: string | null }> {
    return this.ask(path, this.last?.offset ?? 0);
  }

  async finish(path: string, text: string): Promise<void> {
    await this.change(path, text);
    this.last = null;
  }

  private async change(path: string, text: string): Promise<void> {
    const old = this.texts.get(path);
    this.texts.set(path, text);
    if (old === undefined) return this.client.open(join(this.folder, path), text, path.endsWith('.js') ? 'javascript' : 'typescript');
    const difference = textDifference(old, text);
    if (difference === null) return;
    const { start, removed, inserted } = difference;
    const range = { start: positionAt(old, start), end: positionAt(old, start + removed) };
    await this.client.connection.sendNotification('textDocument/didChange', { textDocument: { uri: this.uri(path), version: ++this.version + 1_000_000 }, contentChanges: [{ range, text: inserted }] });
  }

  private async ask(path: string, offset: number): Promise<{ milliseconds: number; shown: string | null }> {
    const params = { textDocument: { uri: this.uri(path) }, position: positionAt(this.texts.get(path) ?? '', offset), context: { triggerKind: 2 } };
    const startMs = performance.now();
    const [item] = await this.client.connection.sendRequest<Item[]>('textDocument/inlineCompletion', params);
    const milliseconds = performance.now() - startMs;
    this.last = { path, offset, shown: item?.insertText ?? null };
    if (item !== undefined) await this.client.connection.sendNotification(editorNotifications.didShowCompletion.method, { completion: item.command.arguments[0] });
    return { milliseconds, shown: item?.insertText ?? null };
  }

  private uri(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return { line: text.slice(0, lineStart).split('\n').length - 1, character: offset - lineStart };
}
