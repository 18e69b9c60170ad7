// `@graft` in the chat view, where the editor has one: answers from the adapted weights and names the version that answered.
import { chat, window, type CancellationToken, type ChatRequest, type ChatResponseStream, type Disposable } from 'vscode';
import type { Server } from '../connection/server.ts';
import { repositoryOf } from '../connection/serverState.ts';
import { answeredBy } from '../commands/answerTexts.ts';

/** Null where this editor has no chat. */
export function createParticipant(server: Server): Disposable | null {
  // Forks of VS Code leave the namespace out, and the types do not know it.
  if (typeof chat?.createChatParticipant !== 'function') return null;
  return chat.createChatParticipant('graft.assistant', async (request: ChatRequest, _, response: ChatResponseStream, token: CancellationToken) => {
    response.progress('Asking the local model');
    try {
      const folder = activeFolder(server);
      const answer = await server.request('ask', { folder, question: request.prompt }, token);
      response.markdown(`${answer.text}${answer.cut ? ' …' : ''}\n\n*${answeredBy(answer)}*`);
      // Buttons come last: text after one would be drawn above it.
      if (folder !== null && answer.version !== null) response.button({ command: 'graft.reviewCommit', title: 'Review This Version', arguments: [{ folder, version: answer.version }] });
      return {};
    } catch (error) {
      return { errorDetails: { message: error instanceof Error ? error.message : String(error) } };
    }
  });
}

export function activeFolder(server: Server): string | null {
  if (server.state.kind !== 'running') return null;
  return repositoryOf(server.state.status, window.activeTextEditor?.document.uri.fsPath ?? null)?.folder ?? null;
}
