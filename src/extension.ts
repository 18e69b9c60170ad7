// The extension's entry and composition root. Small on purpose: the extension host loads it at start-up, while the language client and the review's
// panel are files of their own that are loaded when first needed.
import { window, workspace, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands/command.ts';
import { createDocuments } from './commands/documents.ts';
import { learnCommands } from './commands/learnCommands.ts';
import { createPicker } from './commands/pick.ts';
import { createServer, type Server } from './connection/server.ts';
import { createStatusBar } from './statusBar/statusBar.ts';
import { followSuggestions, type FollowedSuggestions } from './suggestions/shownSuggestions.ts';
import { createVersionsView } from './views/versionsView.ts';

let running: Server | null = null;

export function activate(context: ExtensionContext): void {
  const server = createServer(async (events) => (await import('./client.ts')).startClient(context, events, suggestions));
  const suggestions: FollowedSuggestions = followSuggestions(server);
  const documents = createDocuments();
  const pick = createPicker(server);
  const follow = (): void => void (workspace.getConfiguration('graft').get('enabled', true) ? server.start() : server.stop());
  running = server;
  context.subscriptions.push(
    suggestions,
    documents,
    createStatusBar(server),
    createVersionsView(server),
    registerCommands(learnCommands(server, pick)),
    server.onDidTell(({ severity, message }) => tell[severity](`Graft: ${message}`)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('graft.enabled')) follow();
    }),
    workspace.onDidGrantWorkspaceTrust(() => server.notify('trustGranted', {})),
  );
  // After this start-up's turn: reading the client's code must not hold up other extensions.
  setImmediate(follow);
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

const tell = {
  information: (message: string) => void window.showInformationMessage(message),
  warning: (message: string) => void window.showWarningMessage(message),
  error: (message: string) => void window.showErrorMessage(message),
};
