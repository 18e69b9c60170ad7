// Forgetting asks first, about the row's own commits, and says how much goes.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { targetOf } from '../../../src/commands/command.ts';
import { forgetCommands } from '../../../src/commands/forgetCommands.ts';
import { createPicker } from '../../../src/commands/pick.ts';
import type { Server } from '../../../src/connection/server.ts';

const editor = vi.hoisted(() => ({ asked: [] as string[], answer: 'Forget' as string | undefined }));
vi.mock('vscode', () => ({
  window: {
    showQuickPick: async () => Promise.reject(new Error('a picker of other commits opened')),
    showInputBox: async () => ' ann@x.org ',
    showWarningMessage: async (message: string, { detail }: { detail: string }) => {
      editor.asked.push(`${message} ${detail}`);
      return editor.answer;
    },
    showInformationMessage: async () => undefined,
  },
}));
beforeEach(() => {
  editor.asked.length = 0;
  editor.answer = 'Forget';
});

function commandsOver() {
  const sent: [string, object][] = [];
  const commits = [{ id: 'c0ffee1234', subject: 'Newest' }, { id: 'deadbeef99', subject: 'Older' }];
  const entries = [{ version: null, outcome: 'waiting', commits, atMs: 0 }];
  const server = {
    request: async (name: string, params: object) => {
      if (name === 'tree') return [{ folder: '/w', branches: [{ name: 'main', checkedOut: true, entries }] }];
      sent.push([name, params]);
      return { text: '2 versions will be deleted.', message: 'Forgot.' };
    },
  } as unknown as Server;
  return { sent, commands: forgetCommands(server, createPicker(server)) };
}

describe('forgetting', () => {
  it.each<[string, object, string, string[]]>([
    ['a commit that no version has', { commit: 'deadbeef99' }, 'Forget commit deadbee "Older"?', ['deadbeef99']],
    ['all commits of a row without a version', { commits: ['c0ffee1234', 'deadbeef99'] }, 'Forget 2 commits?', ['c0ffee1234', 'deadbeef99']],
  ])('is of %s', async (_, target, question, commits) => {
    const { sent, commands } = commandsOver();
    await commands['graft.forgetCommit']?.(targetOf({ target: { folder: '/w', branch: 'main', ...target } }));
    expect(editor.asked).toEqual([`${question} 2 versions will be deleted.`]);
    expect(sent).toEqual([['whatForgetTakes', { folder: '/w', commits }], ['forget', { folder: '/w', commits }]]);
  });

  it('an author says how much goes, and does nothing unless confirmed', async () => {
    editor.answer = undefined;
    const { sent, commands } = commandsOver();
    await expect(commands['graft.forgetAuthor']?.({ folder: '/w' })).rejects.toMatchObject({ code: 'dismissed' });
    expect(editor.asked).toEqual(['Forget every commit of ann@x.org? 2 versions will be deleted.']);
    expect(sent).toEqual([['whatForgetTakes', { folder: '/w', author: 'ann@x.org' }]]);
  });
});
