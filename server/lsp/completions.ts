// Inline completions as LSP asks for them: where the cursor is, what the settings forbid, and the completion service's answer as an item.
// Items carry their id in the command's arguments: of an item only text, range and command survive the editor's converter.
import type { CancellationToken, InlineCompletionItem, InlineCompletionParams, TextDocuments } from 'vscode-languageserver/node';
import { InlineCompletionTriggerKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Clock } from '../base/clock.ts';
import type { Files } from '../base/files.ts';
import type { CompletionOutcome } from '../completion/completionRequest.ts';
import { createCompletionService, type CompletionService } from '../completion/completionService.ts';
import type { ExplainedSuggestion } from '../completion/madeSuggestions.ts';
import { noSuggestionReasons } from '../completion/noSuggestion.ts';
import type { Settings } from '../config/settings.ts';
import type { LanguageModel } from '../languageModel/languageModel.ts';
import { acceptedCommand } from '../protocol/assistant.ts';
import { languageOf } from '../syntax/languages.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { IgnoredFiles } from './documents/ignoredFiles.ts';
import { placed, type PlacedDocument, type PlacingParts } from './documents/openDocuments.ts';
import type { Editor } from './editor.ts';
import { messageOf } from './errors.ts';

export interface CompletionsParts {
  readonly clock: Clock;
  readonly files: Files;
  readonly editor: Editor;
  readonly documents: TextDocuments<TextDocument>;
  readonly placing: PlacingParts;
  readonly loadSyntax: () => Promise<Syntax>;
  readonly model: () => LanguageModel | null;
  /** There is no model yet, and one is on its way. */
  readonly modelLoading: () => boolean;
  readonly settings: () => Settings;
  /** Of this process: what ids of suggestions begin with. */
  readonly session: string;
}

/** Learners hear of typing at most this often. */
const activityMs = 5_000;

export class Completions {
  private service: CompletionService | null = null;
  private syntax: Syntax | null = null;
  private starting: Promise<void> | null = null;
  private toldActivityMs = 0;
  /** Requests so far. */
  private asked = 0;
  /** Suggestions so far, of every service that was started and stopped. */
  private made = 0;
  /** Requests that came before the model, and look again when told. */
  private readonly early = new Set<() => void>();
  private readonly ignored: IgnoredFiles;
  private readonly active = new Map<string, { readonly version: string | null; readonly adapter: string | null }>();

  constructor(private readonly parts: CompletionsParts) {
    this.ignored = new IgnoredFiles(parts);
    parts.documents.onDidChangeContent(({ document }) => this.edited(document));
    parts.documents.onDidClose(({ document }) => this.service?.closed(document.uri));
  }

  start(): Promise<void> {
    this.starting ??= this.open().catch((error: unknown) => {
      this.starting = null;
      this.parts.editor.tell({ severity: 'error', message: `Completions cannot start: ${messageOf(error)} Install Graft again.` });
    });
    return this.starting;
  }

  /** Those who came before the model look again: it has come, failed or gone. */
  lookAgain(): void {
    for (const look of this.early) look();
  }

  async stop(): Promise<void> {
    this.lookAgain();
    await this.starting;
    this.starting = null;
    this.service?.dispose();
    this.syntax?.dispose();
    this.service = null;
    this.syntax = null;
    this.active.clear();
  }

  async provide({ textDocument, position, context }: InlineCompletionParams, token: CancellationToken): Promise<InlineCompletionItem[]> {
    const document = this.parts.documents.get(textDocument.uri);
    if (document === undefined) return [];
    const offset = document.offsetAt(position);
    const info = context.selectedCompletionInfo;
    const trigger = context.triggerKind === InlineCompletionTriggerKind.Invoked ? 'invoked' : 'automatic';
    const place = placed(document, this.parts.placing);
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    const outcome = await this.ask(place, {
      offset,
      trigger,
      signal: cancelled.signal,
      selected: info && { text: info.text, start: document.offsetAt(info.range.start), end: document.offsetAt(info.range.end) },
    });
    if (outcome.kind === 'none') {
      if (trigger === 'invoked') this.parts.editor.log(`${place.path}:${position.line + 1}: no suggestion: ${noSuggestionReasons[outcome.reason]}`);
      return [];
    }
    const { id, text, range } = outcome;
    return [
      {
        insertText: text,
        range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
        command: { title: 'Graft', command: acceptedCommand, arguments: [id] },
      },
    ];
  }

  setActive(folder: string, active: { readonly version: string | null; readonly adapter: string | null }): void {
    this.active.set(folder, active);
    this.service?.setActive(folder, active);
  }

  shown(id: string): void {
    this.service?.shown(id);
  }

  accepted(id: string): void {
    this.service?.accepted(id);
  }

  partlyAccepted(id: string, length: number): void {
    this.service?.partlyAccepted(id, length);
  }

  feedbackErased(folder: string): void {
    this.service?.feedbackErased(folder);
  }

  explain(id: string | null): ExplainedSuggestion | null {
    return this.service?.explain(id) ?? null;
  }

  private async ask(
    { host, ...document }: PlacedDocument,
    at: { readonly offset: number; readonly trigger: 'automatic' | 'invoked'; readonly signal: AbortSignal; readonly selected: { text: string; start: number; end: number } | undefined },
  ): Promise<CompletionOutcome> {
    const settings = this.parts.settings();
    const turn = ++this.asked;
    // One that still waits for the model gives way.
    this.lookAgain();
    if (!settings.enabled || !settings.completion.enabled) return { kind: 'none', reason: 'off' };
    const language = languageOf(document.path);
    if (language === null || !settings.languages.includes(language)) return { kind: 'none', reason: 'languageOff' };
    if (await this.ignored.isIgnored(document.folder, document.path, settings.ignore)) return { kind: 'none', reason: 'ignoredFile' };
    const { offset, trigger, signal, selected } = at;
    // The first keys after a start: the editor asks once per key, and who stops typing would see nothing until the next.
    await this.starting;
    while (this.parts.model() === null && this.parts.modelLoading() && !signal.aborted && turn === this.asked) await this.change(signal);
    const { service } = this;
    if (service === null) return { kind: 'none', reason: 'modelNotReady' };
    if (signal.aborted) return { kind: 'none', reason: 'cancelled' };
    // Invariant: the service hears of requests in their order, since each takes the place of the one before. Ignore files that are read for the
    // first time may let a newer key overtake an older one, which would then take its place and leave the editor with nothing.
    if (turn !== this.asked) return { kind: 'none', reason: 'superseded' };
    const open = this.openTexts(document.folder);
    return service.complete({ document, offset, trigger, ...(selected ? { selected } : {}), textOf: (path) => open.get(path) ?? host?.texts.textOf(path) }, signal);
  }

  /** Resolves when the model may have changed, a newer request came, or this one was given up. */
  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.early.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.early.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Open documents below a folder, by path: newer than what is on disk. */
  private openTexts(folder: string): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const document of this.parts.documents.all()) {
      const place = placed(document, this.parts.placing);
      if (place.folder === folder) texts.set(place.path, place.text);
    }
    return texts;
  }

  private edited(document: TextDocument): void {
    const { host, ...place } = placed(document, this.parts.placing);
    this.service?.edited(place);
    const nowMs = this.parts.clock.monotonicMs();
    if (host === null || nowMs - this.toldActivityMs < activityMs) return;
    this.toldActivityMs = nowMs;
    host.taught?.tell({ type: 'activity' });
  }

  private async open(): Promise<void> {
    const syntax = await this.parts.loadSyntax();
    this.syntax = syntax;
    // The first text that is parsed costs 40 ms more than any after it: better now than at the first key.
    syntax.imports('a.ts', "import { a } from './a';\n");
    syntax.declarations('a.ts', 'export function a(): void {}\n');
    this.service = createCompletionService({
      model: this.parts.model,
      syntax,
      clock: this.parts.clock,
      settings: () => this.parts.settings().completion,
      newId: () => `${this.parts.session}-${++this.made}`,
      onFeedback: (record) => this.keep(record.folder, record),
      onSurprise: (surprise) => this.keep(surprise.folder, { ...surprise, event: { kind: 'surprise' } }),
      onFailure: (error) => this.parts.editor.log(`completion: ${messageOf(error)}`),
    });
    for (const [folder, active] of this.active) this.service.setActive(folder, active);
    for (const document of this.parts.documents.all()) this.edited(document);
  }

  /** Nothing is kept about files outside a repository that is open. */
  private keep(folder: string, record: object): void {
    this.parts.placing.hostOf(`${folder}/.`)?.feedback.append(record);
  }
}
