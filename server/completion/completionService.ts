// Completions at a cursor for all repositories of a window: what the language server asks, and nothing of LSP. Joins the cache, the request in
// flight and what became of the suggestions; each is a file beside this one, and everything that decides is pure.
import { Cancelled } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import { askModel, type Answer } from './askModel.ts';
import type { CompletionModel } from './completionModel.ts';
import { none, type CompletionDocument, type CompletionOutcome, type CompletionRequest, type Suggestion } from './completionRequest.ts';
import type { CompletionSettings } from './completionSettings.ts';
import { calibrated, type MinimumConfidence } from './confidence.ts';
import { FeedbackFollower } from './feedbackFollower.ts';
import type { FeedbackRecord, Surprise } from './feedbackRecord.ts';
import { MadeSuggestions, type ExplainedSuggestion, type Made } from './madeSuggestions.ts';
import { OpenCode } from './openCode.ts';
import { positionOf, whyNotHere, type Position } from './position.ts';
import { PromptMaker } from './promptMaker.ts';
import { draftFromRepetition } from './repeatedCode.ts';
import { RequestInFlight } from './requestInFlight.ts';
import { servedBy, ServedVersions, type Active } from './servedVersions.ts';
import { SuggestionCache, type Place } from './suggestionCache.ts';
import { isAtLineStart, TypingPace } from './typingPace.ts';

export interface CompletionParts {
  /** Null while there is no model. */
  readonly model: () => CompletionModel | null;
  readonly syntax: PromptTools['syntax'];
  readonly clock: Clock;
  readonly settings: () => CompletionSettings;
  /** Never the same twice, not even after this process: the editor outlives it and may still name an older suggestion. */
  readonly newId: () => string;
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
  setActive(folder: string, active: Active): void;
  shown(id: string): void;
  accepted(id: string): void;
  /** `length`: UTF-16 units from the start of the text. */
  partlyAccepted(id: string, length: number): void;
  /** The user erased what was recorded in this working tree: what becomes of the suggestions so far is not followed any more. */
  feedbackErased(folder: string): void;
  /** Null: the last suggestion that was shown. */
  explain(id: string | null): ExplainedSuggestion | null;
  dispose(): void;
}

export function createCompletionService(parts: CompletionParts): CompletionService {
  return new Service(parts);
}

/** A place where the model may be asked, and by what. */
interface Asked {
  readonly document: CompletionDocument;
  readonly position: Position;
  readonly textOf: (path: string) => string | undefined;
  readonly model: CompletionModel;
  readonly settings: CompletionSettings;
}

class Service implements CompletionService {
  private readonly served = new ServedVersions();
  private readonly cache = new SuggestionCache<Answer>((answer) => (answer.kind === 'text' ? answer.text : ''));
  private readonly open = new OpenCode();
  private readonly prompts: PromptMaker;
  private readonly pace: TypingPace;
  private readonly flight: RequestInFlight;
  private readonly feedback: FeedbackFollower;
  private readonly made: MadeSuggestions;
  private newest: AbortController | null = null;

  constructor(private readonly parts: CompletionParts) {
    const { clock, onSurprise, newId } = parts;
    this.made = new MadeSuggestions(newId);
    this.prompts = new PromptMaker(parts.syntax);
    this.pace = new TypingPace(clock);
    this.flight = new RequestInFlight({ clock, cache: this.cache, pace: this.pace });
    this.feedback = new FeedbackFollower({
      clock,
      textOf: (uri) => this.open.textOf(uri),
      onSurprise,
      onRecord: (record) => {
        const { kind } = record.event;
        if (kind === 'rejected' || kind === 'accepted') this.pace.judged(kind);
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
      return await this.answerAsServed(request, { document: request.document, position, textOf: request.textOf, model, settings }, own.signal);
    } catch (error) {
      if (error instanceof Cancelled) return none(signal?.aborted === true ? 'cancelled' : 'superseded');
      this.parts.onFailure(error);
      return none('modelFailed');
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** A version that was swapped in the middle is asked instead of the one before. */
  private async answerAsServed(request: CompletionRequest, asked: Asked, signal: AbortSignal): Promise<CompletionOutcome> {
    const { folder } = asked.document;
    const active = this.served.in(folder);
    try {
      return await this.answer(request, asked, signal);
    } catch (error) {
      if (!(error instanceof Cancelled) || signal.aborted || this.served.is(folder, active)) throw error;
      return this.answerAsServed(request, asked, signal);
    }
  }

  private async answer(request: CompletionRequest, asked: Asked, signal: AbortSignal): Promise<CompletionOutcome> {
    const { position, settings } = asked;
    const place = this.placeOf(asked);
    const known = this.cache.find(place);
    if (known !== undefined) return this.outcome(request, { answer: known.value, typed: known.typed, position, source: known.typed === '' ? 'cache' : 'typedThrough' });
    const waitMs = this.pace.waitMs(request.trigger, position.prefix, settings.debounceMs);
    if (waitMs > 0) await this.parts.clock.sleep(waitMs, signal);
    const joined = await this.flight.join(place, signal);
    if (joined !== undefined) return this.outcome(request, { answer: joined.value, typed: joined.typed, position, source: 'stream' });
    const answer = await this.ask(asked, place, signal);
    return this.outcome(request, { answer, typed: '', position, source: 'model' });
  }

  private ask({ document, position, textOf, model, settings }: Asked, place: Place, signal?: AbortSignal): Promise<Answer> {
    const active = this.served.in(document.folder);
    const work = (own: AbortSignal): Promise<Answer> => {
      const draft = draftFromRepetition({ before: position.prefix, after: linesBelow(position.suffix), others: this.open.besides(document) });
      const prompt = this.prompts.make({ document, position, textOf, servedBy: place.servedBy, countTokens: (text) => model.countTokens(text) });
      const multiline = settings.multiline && isAtLineStart(position.prefix);
      return askModel(model, { prompt, place: position, draft, adapter: active.adapter, multiline, minimumConfidence: minimumOf(settings), signal: own });
    };
    return this.flight.start(place, work, { mayKeep: () => this.served.is(document.folder, active), signal });
  }

  private outcome(request: CompletionRequest, { answer, typed, position, source }: { answer: Answer; typed: string; position: Position; source: Suggestion['source'] }): CompletionOutcome {
    if (answer.kind === 'none') return none(answer.reason);
    const { document, textOf } = request;
    const { folder, path } = document;
    const rest = answer.text.slice(typed.length);
    const { version } = this.served.in(folder);
    const line = position.prefix.slice(position.prefix.lastIndexOf('\n') + 1) + rest;
    const { confidence, writtenBy } = answer;
    const id = this.made.add(answer, { folder, path, version, confidence, text: rest, line, writtenBy, document, position, textOf });
    return { kind: 'suggestion', id, text: position.selectedText + rest, range: position.range, version, confidence, source };
  }

  edited(document: CompletionDocument): void {
    const { clock } = this.parts;
    const change = this.open.edited(document, clock.nowMs());
    if (change === null) return;
    this.pace.edited();
    this.feedback.handle({ kind: 'edited', uri: document.uri, change, text: document.text, atMs: clock.nowMs() });
  }

  closed(uri: string): void {
    this.open.closed(uri);
    this.prompts.forget(uri);
    this.feedback.handle({ kind: 'closed', uri });
  }

  setActive(folder: string, next: Active): void {
    if (!this.served.set(folder, next)) return;
    this.cache.clear(folder);
    this.flight.abort(folder);
  }

  shown(id: string): void {
    const made = this.made.shown(id);
    if (made === undefined) return;
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

  feedbackErased(folder: string): void {
    this.feedback.handle({ kind: 'erased', folder });
  }

  explain(id: string | null): ExplainedSuggestion | null {
    return this.made.explain(id);
  }

  dispose(): void {
    this.newest?.abort();
    this.flight.abort();
    this.feedback.dispose();
  }

  /** What would be asked if the suggestion were accepted is asked now, unless something else is; a real request makes it give way. */
  private speculate({ document, position, text, textOf }: Made): void {
    const model = this.parts.model();
    if (model === null || !this.flight.isIdle) return;
    const asked: Asked = { document, position: { ...position, prefix: position.prefix + text, selectedText: '' }, textOf, model, settings: this.parts.settings() };
    const place = this.placeOf(asked);
    if (this.cache.find(place) !== undefined) return;
    this.ask(asked, place).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) this.parts.onFailure(error);
    });
  }

  private placeOf({ document: { folder, path }, position: { prefix, suffix }, model, settings }: Asked): Place {
    return { folder, path, prefix, suffix, servedBy: servedBy(model, this.served.in(folder), settings) };
  }
}

/** The user's own figure counts for lines and parts alike. */
function minimumOf({ minimumConfidence }: CompletionSettings): MinimumConfidence {
  return minimumConfidence === null ? calibrated.minimumConfidence : { line: minimumConfidence, part: minimumConfidence };
}

function linesBelow(suffix: string): string {
  const end = suffix.indexOf('\n');
  return end === -1 ? '' : suffix.slice(end);
}
