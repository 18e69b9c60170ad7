// Forget a commit or an author: for good, so each asks first and says what goes.
import { window } from 'vscode';
import type { Server } from '../connection/server.ts';
import { chosen, sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

const consequence = 'Every version whose weights contain it is deleted with its pairs, and it is never learnt again. Other commits of those versions are learnt again. This cannot be undone.';

export function forgetCommands(server: Server, pick: Picker): Record<string, Command> {
  return {
    'graft.forgetCommit': async (target) => {
      const { folder, commit, subject } = await pick.commit(target, 'Forget which commit?');
      chosen(await window.showWarningMessage(`Forget commit ${commit.slice(0, 7)} "${subject}"?`, { modal: true, detail: consequence }, 'Forget'));
      sayDone(await server.request('forget', { folder, commit }));
    },
    'graft.forgetAuthor': async (target) => {
      const folder = await pick.folder(target);
      const typed = await window.showInputBox({ prompt: 'Forget all commits of which author? Give the e-mail address of the commits.', placeHolder: 'name@example.org', validateInput: (value) => (value.trim() === '' ? 'Give an e-mail address.' : null) });
      const author = chosen(typed).trim();
      chosen(await window.showWarningMessage(`Forget every commit of ${author}?`, { modal: true, detail: consequence }, 'Forget'));
      sayDone(await server.request('forget', { folder, author }));
    },
  };
}
