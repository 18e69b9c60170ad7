// The review's panel: its buttons act on the branch that was chosen, and what came of them is said to the page, last.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import type { FromReviewPage, ToReviewPage } from '../../../server/protocol/reviewPage.ts';
import { reviewCommands, type ReviewTarget } from '../../../src/commands/reviewCommands.ts';
import { createVersionMoves } from '../../../src/commands/versionCommands.ts';
import type { Picker } from '../../../src/commands/pick.ts';
import type { Server } from '../../../src/connection/server.ts';
import { createReviewPanels } from '../../../src/webviews/reviewPanel.ts';
import { exampleReview } from './exampleReview.ts';

interface FakePanel {
  readonly title: string;
  readonly sent: ToReviewPage[];
  press(message: FromReviewPage): void;
  close(): void;
}

const editor = vi.hoisted(() => ({ panels: [] as FakePanel[], notices: [] as string[] }));
vi.mock('vscode', () => ({
  Uri: { joinPath: (...parts: unknown[]) => parts.join('/') },
  ViewColumn: { Active: -1 },
  commands: {},
  window: {
    showInformationMessage: async (message: string) => void editor.notices.push(message),
    showErrorMessage: async (message: string) => void editor.notices.push(message),
    createWebviewPanel: (_: string, title: string) => {
      const sent: ToReviewPage[] = [];
      const disposed: (() => void)[] = [];
      let hear: (message: FromReviewPage) => void = () => undefined;
      editor.panels.push({ title, sent, press: (message) => hear(message), close: () => disposed.forEach((tell) => tell()) });
      return {
        webview: { postMessage: (message: ToReviewPage) => sent.push(message), onDidReceiveMessage: (listen: typeof hear) => (hear = listen), asWebviewUri: String, cspSource: 'x' },
        onDidDispose: (tell: () => void) => disposed.push(tell),
        reveal: () => undefined,
      };
    },
  },
}));
beforeEach(() => {
  editor.panels.length = 0;
  editor.notices.length = 0;
});

/** A server whose checked-out branch is feature, which started from a version of main. */
function panelsOver(answers: Record<string, () => Promise<unknown>> = {}) {
  const asked: [string, object][] = [];
  const server = {
    onDidChangeStore: () => ({ dispose: () => undefined }),
    request: async (name: string, params: { branch?: string; version: string }) => {
      if (name !== 'review') asked.push([name, params]);
      if (name === 'review') return exampleReview({ version: params.version, branch: params.branch ?? 'feature', learntOn: 'main' });
      return answers[name]?.() ?? { message: 'It serves now.' };
    },
  } as unknown as Server;
  return { asked, panels: createReviewPanels(server, createVersionMoves(server), '/extension' as unknown as Uri) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const last = (): FakePanel => editor.panels.at(-1) as FakePanel;
const at = { folder: '/w/app', version: 'aaaaaaaaaaaa' };

describe('the branch of a review', () => {
  it.each<[string, ReviewTarget, string]>([
    ['of the row that was chosen', { ...at, branch: 'main' }, 'main'],
    ['that the server names where there was no row', { ...at, branch: undefined }, 'feature'],
  ])('is the one %s', async (_, target, branch) => {
    const { asked, panels } = panelsOver();
    await panels.open(target);
    for (const type of ['keep', 'rollBack', 'reject'] as const) {
      last().press({ type });
      await settled();
    }
    last().press({ type: 'retrain', strike: ['p1'], restore: [], edits: [] });
    await settled();
    const parent = exampleReview({}).parent;
    expect(asked).toEqual([
      ['activate', { ...at, branch, why: 'keep' }],
      ['activate', { ...at, branch, why: 'rollBack' }],
      ['activate', { ...at, branch, version: parent, why: 'rollBack' }],
      ['retrain', { ...at, branch, strike: ['p1'], restore: [], edits: [] }],
    ]);
  });

  it('has a panel of its own, named where the version came from elsewhere', async () => {
    const { panels } = panelsOver();
    for (const branch of ['main', undefined, 'feature']) await panels.open({ ...at, branch });
    expect(editor.panels.map(({ title }) => title)).toEqual(['Review aaaaaaa', 'Review aaaaaaa on feature']);
  });

  it("is the row's when the command is run on one", async () => {
    const opened: ReviewTarget[] = [];
    const pick = { version: async () => ({ ...at, branch: 'main' }) } as unknown as Picker;
    const { 'graft.reviewCommit': review } = reviewCommands({} as Server, pick, async (target) => void opened.push(target));
    await review?.({ ...at, branch: 'feature' });
    await review?.({});
    expect(opened.map(({ branch }) => branch)).toEqual(['feature', undefined]);
  });
});

describe('what came of a button', () => {
  const shown = (): string[] => last().sent.map((message) => (message.type === 'busy' ? `busy ${message.what}` : message.type === 'said' ? `${message.severity} ${message.message}` : message.type));

  it('is said after the page was drawn again', async () => {
    const { panels } = panelsOver();
    await panels.open({ ...at, branch: 'main' });
    last().press({ type: 'keep' });
    await settled();
    expect(shown()).toEqual(['busy Keeping this version …', 'review', 'information It serves now.', 'busy null']);
  });

  it('is told again to a page that was hidden, until the next action', async () => {
    const { panels } = panelsOver({ activate: async () => Promise.reject(new Error('Its weights are gone.')) });
    await panels.open({ ...at, branch: 'main' });
    last().press({ type: 'rollBack' });
    await settled();
    last().sent.length = 0;
    last().press({ type: 'ready' });
    expect(shown()).toEqual(['review', 'error Its weights are gone.']);
  });

  it('is said on the page of the version that retraining made', async () => {
    const { panels } = panelsOver({ retrain: async () => ({ version: 'cccccccccccc', promoted: true, message: 'Learnt again.' }) });
    await panels.open({ ...at, branch: 'main' });
    last().press({ type: 'retrain', strike: ['p1'], restore: [], edits: [] });
    await settled();
    expect(editor.panels.map(({ title }) => title)).toEqual(['Review aaaaaaa', 'Review ccccccc']);
    for (const { sent } of editor.panels) expect(sent).toContainEqual({ type: 'said', severity: 'information', message: 'Learnt again.' });
  });

  it('is a notice where the page was closed meanwhile, and no error where it was cancelled', async () => {
    const { panels } = panelsOver({ retrain: async () => Promise.reject(Object.assign(new Error('Cancelled.'), { code: -32800 })) });
    await panels.open({ ...at, branch: 'main' });
    last().press({ type: 'retrain', strike: ['p1'], restore: [], edits: [] });
    last().close();
    await settled();
    expect(editor.notices).toEqual(['Graft: Stopped. The version that served goes on serving.']);
  });
});
