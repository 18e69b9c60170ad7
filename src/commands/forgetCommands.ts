// Forget commits or an author: for good, so each says first how much goes, and asks.
import { window } from 'vscode';
import type { RequestParams } from '../../server/protocol/assistant.ts';
import type { Server } from '../connection/server.ts';
import { countOf } from '../words/versionWords.ts';
import { chosen, sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

export function forgetCommands(server: Server, pick: Picker): Record<string, Command> {
  const confirmed = async (question: string, what: RequestParams<'forget'>): Promise<void> => {
    const { text: detail } = await server.request('whatForgetTakes', what);
    chosen(await window.showWarningMessage(question, { modal: true, detail }, 'Forget'));
    sayDone(await server.request('forget', what));
  };
  return {
    'graft.forgetCommit': async (target) => {
      const { folder, commits } = await pick.commits(target, 'Forget which commit?');
      const [first, ...others] = commits;
      const named = first === undefined || others.length > 0 ? countOf(commits.length, 'commit', 'commits') : `commit ${first.id.slice(0, 7)} "${first.subject}"`;
      await confirmed(`Forget ${named}?`, { folder, commits: commits.map(({ id }) => id) });
    },
    'graft.forgetAuthor': async (target) => {
      const folder = await pick.folder(target);
      const typed = await window.showInputBox({ prompt: 'Forget all commits of which author? Give the whole e-mail address of the commits, or the whole name.', placeHolder: 'name@example.org', validateInput: (value) => (value.trim() === '' ? 'Give an e-mail address.' : null) });
      const author = chosen(typed).trim();
      await confirmed(`Forget every commit of ${author}?`, { folder, author });
    },
  };
}
