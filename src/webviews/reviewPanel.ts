// The review's panels, one per version: hands the page its review, does what its buttons ask. A file of its own, loaded when a review is first opened.
import { randomBytes } from 'node:crypto';
import { Uri, ViewColumn, commands, window, type Disposable, type WebviewPanel } from 'vscode';
import type { Review } from '../../server/protocol/assistant.ts';
import { fromReviewPageSchema, type FromReviewPage, type ToReviewPage } from '../../server/protocol/reviewPage.ts';
import type { VersionMoves } from '../commands/versionCommands.ts';
import { isCancelled } from '../connection/cancelled.ts';
import type { Server } from '../connection/server.ts';
import { shortVersion } from '../words/versionWords.ts';
import { reviewHtml } from './reviewHtml.ts';

export interface ReviewPanels extends Disposable {
  open(at: { folder: string; version: string }): Promise<void>;
}

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly refresh: () => Promise<void>;
}

export function createReviewPanels(server: Server, moves: VersionMoves, extensionUri: Uri): ReviewPanels {
  const open = new Map<string, OpenPanel>();
  const assets = Uri.joinPath(extensionUri, 'dist', 'webview');
  const stores = server.onDidChangeStore((folder) => {
    for (const [key, { refresh }] of open) if (key.startsWith(`${folder}\0`)) void refresh().catch(() => undefined);
  });

  const create = (folder: string, first: Review): OpenPanel => {
    const { version } = first;
    const title = `Review ${shortVersion(version)}`;
    const panel = window.createWebviewPanel('graft.review', title, ViewColumn.Active, { enableScripts: true, localResourceRoots: [assets] });
    const { webview } = panel;
    const send = (message: ToReviewPage): void => void webview.postMessage(message);
    let review = first;
    const refresh = async (): Promise<void> => {
      review = await server.request('review', { folder, version });
      send({ type: 'review', review });
    };
    const during = async (what: string, work: () => Promise<void>): Promise<void> => {
      send({ type: 'busy', what });
      try {
        await work();
        await refresh();
      } catch (error) {
        if (isCancelled(error)) send({ type: 'said', severity: 'information', message: 'Stopped. The version that served goes on serving.' });
        else send({ type: 'said', severity: 'error', message: error instanceof Error ? error.message : String(error) });
      } finally {
        send({ type: 'busy', what: null });
      }
    };
    const retrain = async ({ strike, restore, edits }: Extract<FromReviewPage, { type: 'retrain' }>): Promise<void> => {
      const result = await server.request('retrain', { folder, version, strike, restore, edits });
      send({ type: 'said', severity: 'information', message: result.message });
      if (result.version !== null && result.version !== version) await show(folder, result.version);
    };
    webview.onDidReceiveMessage((data: unknown) => {
      const parsed = fromReviewPageSchema.safeParse(data);
      if (!parsed.success) return;
      const message = parsed.data;
      const at = { folder, branch: review.branch, version };
      if (message.type === 'ready') send({ type: 'review', review });
      if (message.type === 'keep') void during('Keeping this version …', () => moves.activate(at, 'keep'));
      if (message.type === 'rollBack') void during('Rolling back …', () => moves.activate(at, 'rollBack'));
      if (message.type === 'reject') void during('Rejecting this version …', () => moves.reject(at));
      if (message.type === 'retrain') void during('Retraining: this takes as long as learning the commit did …', () => retrain(message));
      if (message.type === 'open') void openFile(folder, message.path, review.leftOut);
    });
    webview.html = reviewHtml({
      nonce: randomBytes(16).toString('hex'),
      cspSource: webview.cspSource,
      scriptUri: webview.asWebviewUri(Uri.joinPath(assets, 'reviewPage.js')).toString(),
      styleUri: webview.asWebviewUri(Uri.joinPath(assets, 'reviewPage.css')).toString(),
      title,
    });
    return { panel, refresh };
  };

  const show = async (folder: string, version: string): Promise<void> => {
    const key = `${folder}\0${version}`;
    const known = open.get(key);
    if (known !== undefined) {
      known.panel.reveal();
      return known.refresh();
    }
    const made = create(folder, await server.request('review', { folder, version }));
    open.set(key, made);
    made.panel.onDidDispose(() => open.delete(key));
  };

  return {
    open: ({ folder, version }) => show(folder, version),
    dispose: () => {
      stores.dispose();
      for (const { panel } of open.values()) panel.dispose();
    },
  };
}

/** Only paths that the review itself names: a page cannot make the editor open anything else. */
async function openFile(folder: string, path: string, named: Review['leftOut']): Promise<void> {
  if (!named.some((one) => one.path === path)) return;
  try {
    await commands.executeCommand('vscode.open', Uri.joinPath(Uri.file(folder), path));
  } catch {
    void window.showInformationMessage(`Graft: ${path} is not in the working tree any more.`);
  }
}
