// The service over a model that a test scripts: what is asked, reused, dropped and recorded.
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../server/base/cancellation.ts';
import type { FimPrompt, Generated, GenerateItem } from '../../../server/base/prompt.ts';
import type { CompletionModel } from '../../../server/completion/completionModel.ts';
import type { CompletionDocument, CompletionOutcome, CompletionRequest } from '../../../server/completion/completionRequest.ts';
import { createCompletionService } from '../../../server/completion/completionService.ts';
import type { CompletionSettings } from '../../../server/completion/completionSettings.ts';
import type { FeedbackRecord } from '../../../server/completion/feedbackRecord.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

/** Says what the script says to a prefix, each token sure; `hold` makes it wait until `release`. */
class ScriptedModel implements CompletionModel {
  readonly info = { hash: 'model' };
  readonly asked: FimPrompt[] = [];
  cancelled = 0;
  hold = false;
  fails = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly say: (prefix: string, adapter: string | null) => string) {}

  async generate(items: readonly GenerateItem[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<Generated[]> {
    const [item] = items;
    if (item?.prompt.kind !== 'fim') throw new Error('a completion asks to fill in the middle');
    if (this.fails) throw new Error('the engine crashed');
    this.asked.push(item.prompt);
    if (this.hold) {
      await new Promise<void>((resolve, reject) => {
        this.waiting.push(resolve);
        signal?.addEventListener('abort', () => {
          this.cancelled++;
          reject(new Cancelled());
        });
      });
    }
    const text = this.say(item.prompt.prefix, item.adapter);
    return items.map(({ draft }) => ({ text: draft ?? text, finish: 'stop', tokens: 1, meanLogProbability: -0.01, steps: [{ logProbability: -0.01, length: (draft ?? text).length }] }));
  }

  release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  countTokens(text: string): number {
    return Math.ceil(text.length / 3);
  }
}

const settings: CompletionSettings = { automatic: true, debounceMs: 0, multiline: false, minimumConfidence: 0 };

function start(say: (prefix: string, adapter: string | null) => string, changes: Partial<CompletionSettings> = {}) {
  const model = new ScriptedModel(say);
  const clock = new WaitingClock();
  const records: FeedbackRecord[] = [];
  const failures: unknown[] = [];
  let ids = 0;
  const service = createCompletionService({
    newId: () => `c${++ids}`,
    model: () => model,
    syntax: { imports: () => [], declarations: () => [] },
    clock,
    settings: () => ({ ...settings, ...changes }),
    onFeedback: (record) => records.push(record),
    onSurprise: () => {},
    onFailure: (error) => failures.push(error),
  });
  return { model, clock, records, failures, service };
}

/** `|` is the cursor. */
function at(marked: string, more: Partial<CompletionRequest> = {}): CompletionRequest {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const document: CompletionDocument = { uri: 'file:///r/a.ts', path: 'a.ts', repository: 'r', folder: '/r', text, version: 1, languageId: 'typescript' };
  return { document, offset, trigger: 'automatic', textOf: () => undefined, ...more };
}

function told(outcome: CompletionOutcome): string {
  return outcome.kind === 'none' ? outcome.reason : `${outcome.source}: ${outcome.text}`;
}

describe('completion service', () => {
  it('suggests what the model says, once asked and then from memory, also when it is typed through', async () => {
    const { model, service } = start(() => 'total(items);');
    expect(told(await service.complete(at('const a = |\n')))).toBe('model: total(items);');
    expect(told(await service.complete(at('const a = |\n')))).toBe('cache: total(items);');
    expect(told(await service.complete(at('const a = tot|\n')))).toBe('typedThrough: al(items);');
    expect(told(await service.complete(at('const a = sum|\n')))).toBe('model: total(items);');
    expect(model.asked).toHaveLength(2);
  });

  it('gives what is typed through the id of what it is the rest of', async () => {
    const { clock, records, service } = start(() => 'total(items);');
    const idOf = (outcome: CompletionOutcome): string => (outcome.kind === 'suggestion' ? outcome.id : '');
    service.edited(at('a = |\n').document);
    const first = idOf(await service.complete(at('a = |\n')));
    service.shown(first);
    for (const typed of ['t', 'to', 'tot']) {
      await clock.advance(300);
      service.edited(at(`a = ${typed}|\n`).document);
      const outcome = await service.complete(at(`a = ${typed}|\n`));
      expect(told(outcome)).toBe(`typedThrough: ${'total(items);'.slice(typed.length)}`);
      expect(idOf(outcome)).toBe(first);
      service.shown(idOf(outcome));
    }
    service.accepted(first);
    expect(records.map(({ event }) => Object.values(event).join(' '))).toEqual(['shown 900', 'accepted']);
    expect(idOf(await service.complete(at('b = |\n')))).not.toBe(first);
    service.dispose();
  });

  it('drops what another version said', async () => {
    const { service } = start((_, adapter) => `written${adapter ?? 'ByBase'}(1);`);
    expect(told(await service.complete(at('a = |')))).toBe('model: writtenByBase(1);');
    service.setActive('/r', { version: 'v2', adapter: 'By2' });
    const outcome = await service.complete(at('a = |'));
    expect(told(outcome)).toBe('model: writtenBy2(1);');
    expect(outcome).toMatchObject({ version: 'v2' });
    service.setActive('/r', { version: null, adapter: null });
    expect(told(await service.complete(at('a = |')))).toBe('model: writtenByBase(1);');
  });

  it('asks the version that is swapped in while a request is in flight', async () => {
    const { model, clock, service } = start((_, adapter) => `written${adapter ?? 'ByBase'}(1);`);
    model.hold = true;
    const asked = service.complete(at('a = |'));
    await clock.advance(1);
    model.hold = false;
    service.setActive('/r', { version: 'v2', adapter: 'By2' });
    const outcome = await asked;
    expect(told(outcome)).toBe('model: writtenBy2(1);');
    expect(outcome).toMatchObject({ version: 'v2' });
    expect(model.cancelled).toBe(1);
  });

  it('has one request in flight: the older gives way', async () => {
    const { model, clock, service } = start(() => 'total(items);');
    model.hold = true;
    const older = service.complete(at('a = |'));
    await clock.advance(1);
    const newer = service.complete(at('b = |'));
    await clock.advance(1);
    expect(told(await older)).toBe('superseded');
    model.release();
    await newer;
    expect(model.cancelled).toBe(1);
  });

  it('waits for the older where the typing goes on from it', async () => {
    const { model, clock, service } = start(() => 'total(items);');
    model.hold = true;
    const older = service.complete(at('a = |'));
    await clock.advance(1);
    await clock.advance(50);
    const newer = service.complete(at('a = to|'));
    await clock.advance(1);
    model.release();
    expect(told(await older)).toBe('superseded');
    expect(told(await newer)).toBe('stream: tal(items);');
    expect(model.asked).toHaveLength(1);
  });

  it('asks nothing where the editor has cancelled', async () => {
    const { service } = start(() => 'total(items);', { debounceMs: 100 });
    const cancel = new AbortController();
    const outcome = service.complete(at('a = |'), cancel.signal);
    cancel.abort();
    expect(told(await outcome)).toBe('cancelled');
  });

  const refused: readonly [reason: string, request: CompletionRequest, changes: Partial<CompletionSettings>][] = [
    ['automaticOff', at('a = |'), { automatic: false }],
    ['insideWord', at('con|st'), {}],
    ['textAfterCursor', at('a = | and so on and on'), {}],
    ['widgetDisagrees', at('a.fo|', { selected: { text: 'bar', start: 2, end: 4 } }), {}],
    ['fileTooLarge', at(`${'const a = 1;\n'.repeat(80_000)}a = |`), {}],
    ['unsure', at('a = |'), { minimumConfidence: 1 }],
    ['repeatsSuffix', at('sum(1);\n|\ntotal(items);'), {}],
  ];
  it.each(refused)('says why it suggests nothing: %s', async (reason, request, changes) => {
    const { service } = start(() => 'total(items);', changes);
    expect(told(await service.complete(request))).toBe(reason);
  });

  it('answers by hand where it would not by itself', async () => {
    const { service } = start(() => 'total(items);', { automatic: false });
    expect(told(await service.complete(at('a = |', { trigger: 'invoked' })))).toBe('model: total(items);');
  });

  it('goes on from the selected item of the suggest widget and replaces what it replaces', async () => {
    const { model, service } = start(() => '(items);');
    const outcome = await service.complete(at('a.to|', { selected: { text: 'total', start: 2, end: 4 } }));
    expect(outcome).toMatchObject({ text: 'total(items);', range: { start: 2, end: 4 } });
    expect(model.asked[0]?.prefix).toBe('a.total');
  });

  it('names a crash, tells it, and answers the next request', async () => {
    const { model, failures, service } = start(() => 'total(items);');
    model.fails = true;
    expect(told(await service.complete(at('a = |')))).toBe('modelFailed');
    model.fails = false;
    expect(told(await service.complete(at('a = |')))).toBe('model: total(items);');
    expect(failures).toHaveLength(1);
  });

  it('asks ahead as if what is shown were accepted', async () => {
    const { model, service } = start((prefix) => (prefix.endsWith(';') ? '' : 'total(items);'));
    const outcome = await service.complete(at('a = |'));
    if (outcome.kind === 'suggestion') service.shown(outcome.id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(model.asked.at(-1)?.prefix).toBe('a = total(items);');
    expect(told(await service.complete(at('a = total(items);|')))).toBe('blank');
    expect(model.asked).toHaveLength(2);
  });

  it('copies what open code repeats, where the model goes along', async () => {
    const { service } = start(() => '');
    service.edited(at('const total = sumOf(items, taxes);\nconst other = sumOf(items, taxes);\n|').document);
    const outcome = await service.complete(at('const total = sumOf(items, taxes);\nconst other = sumOf(items, taxes);\nconst third = sumOf(|\n'));
    expect(told(outcome)).toBe('model: items, taxes);');
    expect(service.explain(outcome.kind === 'suggestion' ? outcome.id : null)).toMatchObject({ writtenBy: 'repetition', line: 'const third = sumOf(items, taxes);' });
  });

  it('follows what becomes of a suggestion', async () => {
    const { clock, records, service } = start(() => 'total(items);');
    const before = at('a = |');
    service.edited(before.document);
    const outcome = await service.complete(before);
    const id = outcome.kind === 'suggestion' ? outcome.id : '';
    service.shown(id);
    await clock.advance(800);
    service.edited(at('a = total(items);|').document);
    service.accepted(id);
    await clock.advance(15_000);
    expect(records.map(({ event }) => event.kind)).toEqual(['shown', 'accepted', 'kept']);
    service.dispose();
  });
});
