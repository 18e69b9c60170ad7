// The extension's entry and composition root. Small on purpose: the extension host loads it at start-up, while the language client and the review's
// panel are files of their own that are loaded when first needed.
import { commands, window, workspace, type ExtensionContext } from 'vscode';
import { createChatModel } from './chat/chatModel.ts';
import { createParticipant } from './chat/participant.ts';
import { appCommands } from './commands/appCommands.ts';
import { branchCommands } from './commands/branchCommands.ts';
import { registerCommands } from './commands/command.ts';
import { forgetCommands } from './commands/forgetCommands.ts';
import { learnCommands } from './commands/learnCommands.ts';
import { offerMergedVersions } from './commands/mergeOffer.ts';
import { modelCommands } from './commands/modelCommands.ts';
import { createPicker } from './commands/pick.ts';
import { reviewCommands, type ReviewTarget } from './commands/reviewCommands.ts';
import { textCommands } from './commands/textCommands.ts';
import { createVersionMoves, versionCommands } from './commands/versionCommands.ts';
import { followGit } from './connection/gitExtension.ts';
import { createServer, type Server } from './connection/server.ts';
import { declinedOffers } from './declinedOffers.ts';
import { createDocuments } from './documents.ts';
import { createStatusBar } from './statusBar/statusBar.ts';
import { followSuggestions, type FollowedSuggestions } from './suggestions/shownSuggestions.ts';
import { createVersionsView } from './views/versionsView.ts';
import type { ReviewPanels } from './webviews/reviewPanel.ts';

let running: Server | null = null;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Graft', { log: true });
  const server = createServer(async (events) => (await import('./client.ts')).startClient({ context, events, suggestions, log }));
  const suggestions: FollowedSuggestions = followSuggestions(server);
  const documents = createDocuments();
  const pick = createPicker(server);
  const moves = createVersionMoves(server);
  let reviews: Promise<ReviewPanels> | null = null;
  const openReview = async (at: ReviewTarget): Promise<void> => {
    reviews ??= import('./webviews/reviewPanel.ts').then(({ createReviewPanels }) => {
      const panels = createReviewPanels(server, moves, context.extensionUri);
      context.subscriptions.push(panels);
      return panels;
    });
    await (await reviews).open(at);
  };
  const follow = (): void => void (workspace.getConfiguration('graft').get('enabled', true) ? server.start() : server.stop());
  running = server;
  context.subscriptions.push(
    log,
    suggestions,
    documents,
    createStatusBar(server),
    createVersionsView(server),
    registerCommands({
      ...appCommands(server, log, context.extension.id),
      ...learnCommands(server, pick),
      ...reviewCommands(server, pick, openReview),
      ...versionCommands(server, pick, documents, moves),
      ...branchCommands(server, pick, moves),
      ...forgetCommands(server, pick),
      ...modelCommands(server, context.asAbsolutePath('dist/cli.cjs')),
      ...textCommands(server, pick, documents, () => suggestions.last),
    }),
    offerMergedVersions(server, moves, declinedOffers(context.globalState)),
    followGit(server),
    server.onDidTell(({ severity, message }) => tell[severity](`Graft: ${message}`)),
    server.onDidChangeState((state) => {
      if (state.kind === 'stopped') void offerRestart(state.message);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('graft.enabled')) follow();
      else if (change.affectsConfiguration('graft')) server.settingsChanged();
    }),
    workspace.onDidGrantWorkspaceTrust(() => server.notify('trustGranted', {})),
  );
  for (const part of [createParticipant(server), createChatModel(server)]) if (part !== null) context.subscriptions.push(part);
  // After this start-up's turn: reading the client's code must not hold up other extensions.
  setImmediate(follow);
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

async function offerRestart(message: string): Promise<void> {
  const answer = await window.showErrorMessage(`Graft: ${message}`, 'Restart', 'Show Log');
  if (answer === 'Restart') await commands.executeCommand('graft.restartServer');
  if (answer === 'Show Log') await commands.executeCommand('graft.showLog');
}

const tell = {
  information: (message: string) => void window.showInformationMessage(message),
  warning: (message: string) => void window.showWarningMessage(message),
  error: (message: string) => void window.showErrorMessage(message),
};
