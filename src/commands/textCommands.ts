// Commands that end in a text: history, doctor, ask, explain, feedback.
import { ProgressLocation, window } from 'vscode';
import type { Server } from '../connection/server.ts';
import type { Documents } from '../documents.ts';
import { answerText, explanationText } from './answerTexts.ts';
import { chosen, sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

export function textCommands(server: Server, pick: Picker, documents: Documents, lastSuggestion: () => string | null): Record<string, Command> {
  const folderOrNull = async (): Promise<string | null> => ((await server.request('status', {})).repositories.length === 0 ? null : pick.folder({}));
  return {
    'graft.showHistory': async (target) => documents.show('What was learnt.txt', (await server.request('log', { folder: await pick.folder(target) })).text),
    'graft.doctor': async () => {
      const folder = await folderOrNull();
      const { text } = await window.withProgress({ location: ProgressLocation.Notification, title: 'Graft: checking this installation' }, () => server.request('doctor', { folder }));
      await documents.show('Graft doctor.txt', text);
    },
    'graft.ask': async () => {
      // The box first: who types on at once would write into whatever has the focus.
      const question = chosen(await window.showInputBox({ prompt: 'Ask about this codebase. The local model answers from what it learnt.', placeHolder: 'What does parseRecipe return?' })).trim();
      if (question === '') return;
      const folder = await folderOrNull();
      const answer = await window.withProgress({ location: ProgressLocation.Notification, title: 'Graft: answering', cancellable: true }, (_, token) => server.request('ask', { folder, question }, token));
      await documents.show('Answer.md', answerText(question, answer));
    },
    'graft.explainSuggestion': async () => {
      const explanation = await server.request('explain', { completion: lastSuggestion() });
      if (explanation === null) return sayDone({ message: 'No suggestion has been shown yet. Type in a file, then ask again.' });
      await documents.show('Suggestion explained.md', explanationText(explanation));
    },
    'graft.inspectFeedback': async (target) => documents.show('Feedback.txt', (await server.request('feedback', { action: 'inspect', folder: await pick.folder(target) })).text),
    'graft.eraseFeedback': async (target) => {
      const folder = await pick.folder(target);
      chosen(await window.showWarningMessage('Erase all recorded feedback of this repository?', { modal: true, detail: 'What was accepted, rejected and kept is deleted from this machine. It was never sent anywhere.' }, 'Erase'));
      const { text } = await server.request('feedback', { action: 'erase', folder });
      sayDone({ message: text });
    },
  };
}
