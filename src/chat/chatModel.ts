// The adapted model in the chat's model picker, where the editor lets extensions offer models. It answers questions; it calls no tools,
// although it must say that it could: agent mode, the default, lists no other models.
import { EventEmitter, LanguageModelTextPart, lm, type Disposable, type LanguageModelChatInformation, type LanguageModelChatRequestMessage } from 'vscode';
import { answeredBy } from '../commands/answerTexts.ts';
import type { Server } from '../connection/server.ts';
import { shortVersion } from '../words/versionWords.ts';
import { activeFolder } from './participant.ts';

/** About as many characters as a token has in code; the server cuts what is too long by its own tokenizer. */
const charactersPerToken = 3.5;

/** Null where this editor takes no models from extensions. */
export function createChatModel(server: Server): Disposable | null {
  if (typeof lm?.registerLanguageModelChatProvider !== 'function') return null;
  const changes = new EventEmitter<void>();
  let offered = '';
  const listener = server.onDidChangeState(() => {
    const now = JSON.stringify(models(server));
    if (now !== offered) changes.fire();
    offered = now;
  });
  const provider = lm.registerLanguageModelChatProvider('graft', {
    onDidChangeLanguageModelChatInformation: changes.event,
    provideLanguageModelChatInformation: () => models(server),
    provideLanguageModelChatResponse: async (_model, messages, _options, progress, token) => {
      const answer = await server.request('ask', { folder: activeFolder(server), question: lastQuestion(messages) }, token);
      progress.report(new LanguageModelTextPart(`${answer.text}${answer.cut ? ' …' : ''}\n\n*${answeredBy(answer)}*`));
    },
    provideTokenCount: async (_model, text) => Math.ceil((typeof text === 'string' ? text : textOf(text)).length / charactersPerToken),
  });
  return { dispose: () => [listener, provider, changes].forEach((part) => part.dispose()) };
}

function models(server: Server): LanguageModelChatInformation[] {
  if (server.state.kind !== 'running' || server.state.status.model.kind !== 'ready') return [];
  const { model, repositories } = server.state.status;
  const folder = activeFolder(server);
  const version = repositories.find((repository) => repository.folder === folder)?.version ?? null;
  return [
    {
      id: 'graft',
      name: `Graft ${model.name}`,
      family: model.name,
      version: version === null ? 'base' : shortVersion(version),
      tooltip: `Local, on ${model.device}. Answers from what was learnt of your commits.`,
      detail: version === null ? 'base model' : `version ${shortVersion(version)}`,
      maxInputTokens: 1024,
      maxOutputTokens: 256,
      capabilities: { toolCalling: true },
    },
  ];
}

/** The model has no memory of a conversation: it is asked the last thing that the user wrote. */
function lastQuestion(messages: readonly LanguageModelChatRequestMessage[]): string {
  const texts = messages.map(textOf).filter((text) => text.trim() !== '');
  return texts.at(-1) ?? '';
}

function textOf(message: LanguageModelChatRequestMessage): string {
  return message.content.map((part) => (part instanceof LanguageModelTextPart ? part.value : '')).join('');
}
