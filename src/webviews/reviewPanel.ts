// The review's panels, one per version and branch: hands the page its review, does what its buttons ask. A file of its own, loaded when a review is
// first opened.
import { randomBytes } from 'node:crypto';
import { Uri, ViewColumn, commands, window, type Disposable, type WebviewPanel } from 'vscode';
import type { Review } from '../../server/protocol/assistant.ts';
import { fromReviewPageSchema, type FromReviewPage, type ToReviewPage } from '../../server/protocol/reviewPage.ts';
import type { ReviewTarget } from '../commands/reviewCommands.ts';
import type { VersionMoves } from '../commands/versionCommands.ts';
import { isCancelled } from '../connection/cancelled.ts';
import type { Server } from '../connection/server.ts';
import { shortVersion } from '../words/versionWords.ts';
import { reviewHtml } from './reviewHtml.ts';

export interface ReviewPanels extends Disposable {
  open(at: ReviewTarget): Promise<void>;
}

type Said = Extract<ToReviewPage, { type: 'said' }>;

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly refresh: () => Promise<void>;
  readonly say: (severity: Said['severity'], message: string) => void;
}

export function createReviewPanels(server: Server, moves: VersionMoves, extensionUri: Uri): ReviewPanels {
  const open = new Map<string, OpenPanel>();
  const assets = Uri.joinPath(extensionUri, 'dist', 'webview');
  const stores = server.onDidChangeStore((folder) => {
    for (const [key, { refresh }] of open) if (key.startsWith(`${folder}\0`)) void refresh().catch(() => undefined);
  });

  const create = (folder: string, first: Review): OpenPanel => {
    const { version, branch } = first;
    const title = `Review ${shortVersion(version)}${branch === first.learntOn ? '' : ` on ${branch}`}`;
    const panel = window.createWebviewPanel('graft.review', title, ViewColumn.Active, { enableScripts: true, localResourceRoots: [assets] });
    const { webview } = panel;
    let review = first;
    let closed = false;
    // A page that was hidden is made anew, and told again what runs and what was said.
    let busy: string | null = null;
    let said: Said | null = null;
    panel.onDidDispose(() => (closed = true));
    const send = (message: ToReviewPage): void => {
      if (!closed) void webview.postMessage(message);
    };
    const refresh = async (): Promise<void> => {
      review = await server.request('review', { folder, version, branch });
      send({ type: 'review', review });
    };
    const say = (severity: Said['severity'], message: string): void => {
      said = { type: 'said', severity, message };
      send(said);
      // What was begun goes on without its page.
      if (closed) void (severity === 'error' ? window.showErrorMessage : window.showInformationMessage)(`Graft: ${message}`);
    };
    const become = (what: string | null): void => {
      busy = what;
      if (what !== null) said = null;
      send({ type: 'busy', what });
    };
    const during = async (what: string, work: () => Promise<{ message: string }>): Promise<void> => {
      become(what);
      try {
        const { message } = await work();
        // What was done is done, whether or not it can be drawn.
        await refresh().catch(() => undefined);
        say('information', message);
      } catch (error) {
        if (isCancelled(error)) say('information', 'Stopped. The version that served goes on serving.');
        else say('error', error instanceof Error ? error.message : String(error));
      } finally {
        become(null);
      }
    };
    const retrain = async ({ strike, restore, edits }: Extract<FromReviewPage, { type: 'retrain' }>): Promise<{ message: string }> => {
      const result = await server.request('retrain', { folder, version, branch, strike, restore, edits });
      // The new version's page comes to the front: what is to be said belongs there too.
      if (result.version !== null && result.version !== version) (await show({ folder, version: result.version, branch })).say('information', result.message);
      return result;
    };
    webview.onDidReceiveMessage((data: unknown) => {
      const parsed = fromReviewPageSchema.safeParse(data);
      if (!parsed.success) return;
      const message = parsed.data;
      const at = { folder, branch, version };
      if (message.type === 'ready') {
        send({ type: 'review', review });
        if (busy !== null) send({ type: 'busy', what: busy });
        if (said !== null) send(said);
      }
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
    return { panel, refresh, say };
  };

  const show = async ({ folder, version, branch }: ReviewTarget): Promise<OpenPanel> => {
    const review = await server.request('review', { folder, version, branch });
    const key = [folder, review.version, review.branch].join('\0');
    const known = open.get(key);
    if (known !== undefined) {
      known.panel.reveal();
      await known.refresh();
      return known;
    }
    const made = create(folder, review);
    open.set(key, made);
    made.panel.onDidDispose(() => open.delete(key));
    return made;
  };

  return {
    open: async (at) => void (await show(at)),
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
