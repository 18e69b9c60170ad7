// Keys that follow each other fast, or come before the model, as the language server hears of them: the newest is answered.
import { expect, it } from 'vitest';
import { CancellationTokenSource, TextDocuments, type InlineCompletionItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readSettings } from '../../../server/config/readSettings.ts';
import { Completions } from '../../../server/lsp/completions.ts';
import type { LanguageModel } from '../../../server/languageModel/languageModel.ts';
import type { Syntax } from '../../../server/syntax/syntax.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

/** Reads that a test lets end in an order of its own. */
class HeldFiles extends MemoryFiles {
  readonly held: (() => void)[] = [];

  override async readText(path: string): Promise<string> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    return super.readText(path);
  }
}

class OpenDocuments extends TextDocuments<TextDocument> {
  readonly opened = new Map<string, TextDocument>();

  override get(uri: string): TextDocument | undefined {
    return this.opened.get(uri);
  }

  override all(): TextDocument[] {
    return [...this.opened.values()];
  }
}

async function served(first: 'loading' | 'ready' = 'ready', session = 's') {
  let state: 'loading' | 'ready' | 'failed' = first;
  const files = new HeldFiles();
  const documents = new OpenDocuments(TextDocument);
  const prefixes: string[] = [];
  const model = {
    info: { hash: 'h' },
    countTokens: (text: string) => text.length,
    generate: async ([item]: readonly { prompt: { prefix: string } }[]) => {
      prefixes.push(item?.prompt.prefix ?? '');
      return [{ text: 'answer', finish: 'stop', tokens: 1, meanLogProbability: -0.01, steps: [{ logProbability: -0.01, length: 6 }] }];
    },
  } as unknown as LanguageModel;
  const completions = new Completions({
    clock: new WaitingClock(),
    files,
    editor: { status: () => undefined, tell: () => undefined, storeChanged: () => undefined, log: () => undefined },
    documents,
    placing: { hostOf: () => null, workspaceFolders: () => ['/w'] },
    loadSyntax: async () => ({ imports: () => [], declarations: () => [], dispose: () => undefined }) as unknown as Syntax,
    model: () => (state === 'ready' ? model : null),
    modelLoading: () => state === 'loading',
    session,
    settings: () => readSettings({ completion: { minimumConfidence: 0, debounceMs: 0 } }).settings,
  });
  await completions.start();
  const type = (text: string) => {
    documents.opened.set('file:///w/a.ts', TextDocument.create('file:///w/a.ts', 'typescript', text.length, text));
    const cancelling = new CancellationTokenSource();
    const items = completions.provide({ textDocument: { uri: 'file:///w/a.ts' }, position: { line: 0, character: text.length }, context: { triggerKind: 2 } }, cancelling.token);
    return { items, cancelling, reads: () => files.held.splice(0) };
  };
  const become = (next: typeof state): void => {
    state = next;
    completions.lookAgain();
  };
  return { type, prefixes, become, completions };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** No ignore files are there: reads end as they come. */
const released = async (reads: readonly (() => void)[]): Promise<void> => {
  for (const end of reads) end();
  await settled();
};
const idsOf = (items: readonly InlineCompletionItem[]): unknown[] => items.map(({ command }) => command?.arguments?.[0]);
const textsOf = (items: readonly InlineCompletionItem[]): unknown[] => items.map(({ insertText }) => insertText);

it('answers the newest key where ignore files, read for the first time, let it overtake the one before', async () => {
  const { type, prefixes } = await served();
  const first = type('a');
  await settled();
  const slow = first.reads();
  const second = type('a ');
  await settled();
  await released(second.reads());
  await released(slow);
  expect(textsOf(await second.items)).toEqual(['answer']);
  expect(await first.items).toEqual([]);
  expect(prefixes).toEqual(['a ']);
});

it('asks nothing for a key that the editor gave up before its turn came', async () => {
  const { type, prefixes } = await served();
  const first = type('a');
  await settled();
  first.cancelling.cancel();
  await released(first.reads());
  expect(await first.items).toEqual([]);
  expect(prefixes).toEqual([]);
});

it('answers the newest key that came before the model, once it is there', async () => {
  const { type, prefixes, become } = await served('loading');
  const first = type('a');
  await settled();
  await released(first.reads());
  const second = type('a ');
  expect(await first.items).toEqual([]);
  become('ready');
  expect(textsOf(await second.items)).toEqual(['answer']);
  expect(prefixes).toEqual(['a ']);
});

it.each(['the editor gives up', 'there is no model after all'])('keeps nobody waiting for a model when %s', async (why) => {
  const { type, prefixes, become } = await served('loading');
  const only = type('a');
  await settled();
  await released(only.reads());
  if (why === 'the editor gives up') only.cancelling.cancel();
  else become('failed');
  expect(await only.items).toEqual([]);
  expect(prefixes).toEqual([]);
});

it('gives no id twice: not after completions were turned off and on, and not in another process', async () => {
  const ids: unknown[] = [];
  for (const session of ['first', 'second']) {
    const { type, completions } = await served('ready', session);
    for (const text of ['a ', 'b ']) {
      const key = type(text);
      await settled();
      await released(key.reads());
      ids.push(...idsOf(await key.items));
      await completions.stop();
      await completions.start();
    }
  }
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});
