// Completions at a cursor for all repositories of a window: what the language server asks, and nothing of LSP. Owns the cache, the request in
// flight and what became of the suggestions; everything that decides is in pure files beside this one.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { AdapterHandle } from '../base/prompt.ts';
import type { TextRange } from '../base/textRange.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import { askModel, type Answer } from './askModel.ts';
import type { CompletionModel } from './completionModel.ts';
import type { CompletionSettings } from './completionSettings.ts';
import { calibrated, type MinimumConfidence } from './confidence.ts';
import { debounceMs, unknownTyping, withGap, withVerdict, type Typing } from './debounce.ts';
import { FeedbackFollower } from './feedbackFollower.ts';
import type { FeedbackRecord, Surprise } from './feedbackRecord.ts';
import { waitForOlderMs } from './joinOlder.ts';
import type { NoSuggestionReason } from './noSuggestion.ts';
import { OpenCode } from './openCode.ts';
import { PromptMaker } from './promptMaker.ts';
import { positionOf, whyNotHere, type Position } from './position.ts';
import { draftFromRepetition } from './repeatedCode.ts';
import { SuggestionCache, type Place } from './suggestionCache.ts';

export interface CompletionDocument {
  readonly uri: string;
  /** Relative to the repository (or folder), with forward slashes. */
  readonly path: string;
  /** The repository's name as prompts know it. */
  readonly repository: string;
  /** The root of the working tree: which repository it is, where two have one name. */
  readonly folder: string;
  readonly text: string;
  readonly version: number;
  readonly languageId: string;
}

export interface CompletionRequest {
  readonly document: CompletionDocument;
  /** UTF-16 offset of the cursor. */
  readonly offset: number;
  readonly trigger: 'automatic' | 'invoked';
  /** The suggest widget's selected item: what is suggested must begin with its text in its range. */
  readonly selected?: { readonly text: string; readonly start: number; readonly end: number };
  /** Another file of the repository by its path: an open document, else the working tree's or HEAD's text. Called many times per request. */
  readonly textOf: (path: string) => string | undefined;
}

export interface Suggestion {
  readonly kind: 'suggestion';
  readonly id: string;
  readonly text: string;
  /** What it replaces, in offsets of the document's text; on the cursor's line. */
  readonly range: TextRange;
  /** Null: the base model. */
  readonly version: string | null;
  /** 0 to 1, calibrated: the share of suggestions like this one that were right. */
  readonly confidence: number;
  readonly source: 'model' | 'cache' | 'typedThrough' | 'stream';
}

export interface NoSuggestion {
  readonly kind: 'none';
  readonly reason: NoSuggestionReason;
}

export type CompletionOutcome = Suggestion | NoSuggestion;

/** What `explain` knows of a suggestion; which pairs are nearest to it is the version store's to say. */
export interface ExplainedSuggestion {
  readonly id: string;
  readonly folder: string;
  readonly path: string;
  readonly version: string | null;
  readonly confidence: number;
  readonly text: string;
  /** The line before the cursor and the suggestion: what is compared with pairs. */
  readonly line: string;
  /** `repetition`: copied from open code that goes on so, and judged by the model of this version. */
  readonly writtenBy: 'model' | 'repetition';
}

export interface CompletionParts {
  /** Null while there is no model. */
  readonly model: () => CompletionModel | null;
  readonly syntax: PromptTools['syntax'];
  readonly clock: Clock;
  readonly settings: () => CompletionSettings;
  readonly onFeedback: (record: FeedbackRecord) => void;
  readonly onSurprise: (surprise: Surprise) => void;
  /** Operating failures of the model, once per request that suffered. */
  readonly onFailure: (error: unknown) => void;
}

export interface CompletionService {
  /** Never rejects: a failure is a reason. The newest request of a window takes the place of the one before. */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<CompletionOutcome>;
  /** An open document's new state, also when it is first opened; recent edits and kept suggestions are read off the differences. */
  edited(document: CompletionDocument): void;
  closed(uri: string): void;
  /** Serves the repository's next requests with this version; suggestions and keys of the former are dropped. */
  setActive(folder: string, active: { readonly version: string | null; readonly adapter: AdapterHandle }): void;
  shown(id: string): void;
  accepted(id: string): void;
  /** `length`: UTF-16 units from the start of the text. */
  partlyAccepted(id: string, length: number): void;
  /** Null: the last suggestion that was shown. */
  explain(id: string | null): ExplainedSuggestion | null;
  dispose(): void;
}

/** Part of the cache's key: raise it when the shape of prompts or the choice of candidates changes. */
const templateVersion = 2;
const rememberedExplanations = 100;

interface Active {
  readonly version: string | null;
  readonly adapter: AdapterHandle;
}

interface Running {
  readonly place: Place;
  readonly folder: string;
  readonly startedMs: number;
  readonly controller: AbortController;
  readonly done: Promise<unknown>;
}

interface Made extends ExplainedSuggestion {
  readonly document: CompletionDocument;
  readonly position: Position;
  readonly textOf: (path: string) => string | undefined;
}

export function createCompletionService(parts: CompletionParts): CompletionService {
  return new Service(parts);
}

class Service implements CompletionService {
  private readonly active = new Map<string, Active>();
  private readonly cache = new SuggestionCache<Answer>((answer) => (answer.kind === 'text' ? answer.text : ''));
  private readonly open = new OpenCode();
  private readonly prompts: PromptMaker;
  private readonly feedback: FeedbackFollower;
  private readonly made = new Map<string, Made>();
  private running: Running | null = null;
  private newest: AbortController | null = null;
  private typing: Typing = unknownTyping;
  private lastEditMs: number | null = null;
  private meanLatencyMs = 60;
  private lastShown: string | null = null;
  private count = 0;

  constructor(private readonly parts: CompletionParts) {
    this.prompts = new PromptMaker(parts.syntax);
    const { clock, onSurprise } = parts;
    this.feedback = new FeedbackFollower({
      clock,
      textOf: (uri) => this.open.textOf(uri),
      onSurprise,
      onRecord: (record) => {
        const { kind } = record.event;
        if (kind === 'rejected' || kind === 'accepted') this.typing = withVerdict(this.typing, kind);
        parts.onFeedback(record);
      },
    });
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<CompletionOutcome> {
    const model = this.parts.model();
    if (model === null) return none('modelNotReady');
    const settings = this.parts.settings();
    const position = positionOf(request);
    const refused = whyNotHere(request, position, settings);
    if (refused !== null) return none(refused);
    const own = new AbortController();
    this.newest?.abort();
    this.newest = own;
    const abort = (): void => own.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.answer(request, { model, settings, position, signal: own.signal });
    } catch (error) {
      if (error instanceof Cancelled) return none(signal?.aborted === true ? 'cancelled' : 'superseded');
      this.parts.onFailure(error);
      return none('modelFailed');
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private async answer(request: CompletionRequest, { model, settings, position, signal }: { model: CompletionModel; settings: CompletionSettings; position: Position; signal: AbortSignal }): Promise<CompletionOutcome> {
    const { document, trigger } = request;
    const active = this.activeIn(document.folder);
    const minimumConfidence = minimumOf(settings);
    const place = placeOf(document, position, servedBy(model, active, settings));
    const known = this.cache.find(place);
    if (known !== undefined) return this.outcome(request, { answer: known.value, typed: known.typed, position, source: known.typed === '' ? 'cache' : 'typedThrough' });
    const atLineStart = /(^|\n)[ \t]*$/.test(position.prefix);
    const waitMs = debounceMs(this.typing, { trigger, atLineStart, fixedMs: settings.debounceMs, meanLatencyMs: this.meanLatencyMs });
    if (waitMs > 0) await this.parts.clock.sleep(waitMs, signal);
    const joined = await this.joinOlder(place, signal);
    if (joined !== undefined) return this.outcome(request, { ...joined, position, source: 'stream' });
    const answer = await this.ask({ document, position, place, active, model, textOf: request.textOf, multiline: settings.multiline, minimumConfidence, signal });
    return this.outcome(request, { answer, typed: '', position, source: 'model' });
  }

  /** Waits for the request that runs where its answer may agree with what was typed since; else makes it give way. */
  private async joinOlder(place: Place, signal: AbortSignal): Promise<{ answer: Answer; typed: string } | undefined> {
    const { running } = this;
    if (running === null) return undefined;
    const elapsedMs = this.parts.clock.monotonicMs() - running.startedMs;
    const older = { group: groupOf(running.place), prefix: running.place.prefix, elapsedMs };
    const waitMs = waitForOlderMs(older, { group: groupOf(place), prefix: place.prefix }, this.meanLatencyMs);
    if (waitMs > 0) await Promise.race([running.done, this.parts.clock.sleep(waitMs, signal)]);
    const found = this.cache.find(place);
    if (found !== undefined) return { answer: found.value, typed: found.typed };
    running.controller.abort();
    return undefined;
  }

  /** One request is in flight at a time; its answer is remembered even where nobody waits for it any more. */
  private async ask(asked: { document: CompletionDocument; position: Position; place: Place; active: Active; model: CompletionModel; textOf: (path: string) => string | undefined; multiline: boolean; minimumConfidence: MinimumConfidence; signal?: AbortSignal }): Promise<Answer> {
    const { document, position, place, active, model, textOf, multiline, minimumConfidence, signal } = asked;
    if (signal?.aborted === true) throw new Cancelled();
    this.running?.controller.abort();
    const controller = new AbortController();
    const startedMs = this.parts.clock.monotonicMs();
    const draft = draftFromRepetition({ before: position.prefix, after: linesBelow(position.suffix), others: this.open.besides(document) });
    const prompt = this.prompts.make({ document, position, textOf, servedBy: place.servedBy, countTokens: (text) => model.countTokens(text) });
    const blockMayFollow = multiline && /(^|\n)[ \t]*$/.test(position.prefix);
    const work = askModel(model, { prompt, place: position, draft, adapter: active.adapter, multiline: blockMayFollow, minimumConfidence, signal: controller.signal });
    // Remembered first, so that whoever waits for it finds it.
    const remembered = work.then((answer) => this.isServed(document.folder, active) && this.cache.store(place, answer)).catch(() => {});
    const running: Running = { place, folder: document.folder, startedMs, controller, done: remembered };
    this.running = running;
    void remembered.then(() => {
      if (this.running === running) this.running = null;
    });
    const answer = await untilAborted(work, signal);
    this.meanLatencyMs += 0.1 * (this.parts.clock.monotonicMs() - startedMs - this.meanLatencyMs);
    return answer;
  }

  private outcome(request: CompletionRequest, { answer, typed, position, source }: { answer: Answer; typed: string; position: Position; source: Suggestion['source'] }): CompletionOutcome {
    if (answer.kind === 'none') return none(answer.reason);
    const { document } = request;
    const rest = answer.text.slice(typed.length);
    const text = position.selectedText + rest;
    const id = `c${++this.count}`;
    const { version } = this.activeIn(document.folder);
    const line = position.prefix.slice(position.prefix.lastIndexOf('\n') + 1) + rest;
    const { confidence, writtenBy } = answer;
    this.made.set(id, { id, folder: document.folder, path: document.path, version, confidence, text: rest, line, writtenBy, document, position, textOf: request.textOf });
    for (const oldest of this.made.keys()) {
      if (this.made.size <= rememberedExplanations) break;
      this.made.delete(oldest);
    }
    return { kind: 'suggestion', id, text, range: position.range, version, confidence, source };
  }

  edited(document: CompletionDocument): void {
    const atMs = this.parts.clock.monotonicMs();
    const change = this.open.edited(document, this.parts.clock.nowMs());
    if (change === null) return;
    if (this.lastEditMs !== null) this.typing = withGap(this.typing, atMs - this.lastEditMs);
    this.lastEditMs = atMs;
    this.feedback.handle({ kind: 'edited', uri: document.uri, change, atMs: this.parts.clock.nowMs() });
  }

  closed(uri: string): void {
    this.open.closed(uri);
    this.prompts.forget(uri);
    this.feedback.handle({ kind: 'closed', uri });
  }

  setActive(folder: string, next: Active): void {
    const old = this.activeIn(folder);
    this.active.set(folder, next);
    if (old.version === next.version && old.adapter === next.adapter) return;
    this.cache.clear(folder);
    if (this.running?.folder === folder) this.running.controller.abort();
  }

  shown(id: string): void {
    const made = this.made.get(id);
    if (made === undefined) return;
    this.lastShown = id;
    const { folder, path, version, confidence, text, document, position } = made;
    this.feedback.handle({ kind: 'shown', suggestion: { id, folder, path, uri: document.uri, version, confidence, text, start: position.documentOffset }, atMs: this.parts.clock.nowMs() });
    this.speculate(made);
  }

  accepted(id: string): void {
    this.feedback.handle({ kind: 'accepted', id, atMs: this.parts.clock.nowMs() });
  }

  partlyAccepted(id: string, length: number): void {
    this.feedback.handle({ kind: 'partlyAccepted', id, length, atMs: this.parts.clock.nowMs() });
  }

  explain(id: string | null): ExplainedSuggestion | null {
    const found = this.made.get(id ?? this.lastShown ?? '');
    if (found === undefined) return null;
    const { folder, path, version, confidence, text, line, writtenBy } = found;
    return { id: found.id, folder, path, version, confidence, text, line, writtenBy };
  }

  dispose(): void {
    this.newest?.abort();
    this.running?.controller.abort();
    this.feedback.dispose();
  }

  /** What would be asked if the suggestion were accepted is asked now, unless something else is; a real request makes it give way. */
  private speculate({ document, position, text, textOf }: Made): void {
    const model = this.parts.model();
    const settings = this.parts.settings();
    if (model === null || this.running !== null) return;
    const active = this.activeIn(document.folder);
    const accepted: Position = { ...position, prefix: position.prefix + text, selectedText: '' };
    const minimumConfidence = minimumOf(settings);
    const place = placeOf(document, accepted, servedBy(model, active, settings));
    if (this.cache.find(place) !== undefined) return;
    const asked = this.ask({ document, position: accepted, place, active, model, textOf, multiline: settings.multiline, minimumConfidence });
    asked.catch((error: unknown) => {
      if (!(error instanceof Cancelled)) this.parts.onFailure(error);
    });
  }

  private activeIn(folder: string): Active {
    return this.active.get(folder) ?? { version: null, adapter: null };
  }

  private isServed(folder: string, active: Active): boolean {
    const now = this.activeIn(folder);
    return now.version === active.version && now.adapter === active.adapter;
  }
}

/** The user's own figure counts for lines and parts alike. */
function minimumOf({ minimumConfidence }: CompletionSettings): MinimumConfidence {
  return minimumConfidence === null ? calibrated.minimumConfidence : { line: minimumConfidence, part: minimumConfidence };
}

function servedBy(model: CompletionModel, { version, adapter }: Active, { multiline, minimumConfidence }: CompletionSettings): string {
  return [model.info.hash, templateVersion, version, adapter, multiline, minimumConfidence].join();
}

function none(reason: NoSuggestionReason): NoSuggestion {
  return { kind: 'none', reason };
}

function placeOf({ folder, path }: CompletionDocument, { prefix, suffix }: Position, servedBy: string): Place {
  return { folder, path, prefix, suffix, servedBy };
}

function groupOf({ folder, path, suffix, servedBy }: Place): string {
  return [folder, path, servedBy, suffix].join('\0');
}

function linesBelow(suffix: string): string {
  const end = suffix.indexOf('\n');
  return end === -1 ? '' : suffix.slice(end);
}

/** The work goes on for whoever may ask the same; only this caller has gone. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Cancelled());
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
