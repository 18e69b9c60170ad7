// The border of commands: what of a failure the user sees.
import { expect, it, vi } from 'vitest';
import { Dismissed, registerCommands } from '../../../src/commands/command.ts';

const editor = vi.hoisted(() => ({ handlers: new Map<string, (argument: unknown) => Promise<void>>(), errors: [] as string[] }));
vi.mock('vscode', () => ({
  commands: { registerCommand: (id: string, handler: (argument: unknown) => Promise<void>) => void editor.handlers.set(id, handler) },
  window: { showErrorMessage: async (message: string) => void editor.errors.push(message) },
}));

it.each([
  ['a failure in its words', new Error('No branch is checked out.'), ['Graft: No branch is checked out.']],
  ['nothing where a picker was closed', new Dismissed(), []],
  ['nothing where the user cancelled the request', Object.assign(new Error('Cancelled.'), { code: -32800 }), []],
])('says %s', async (_, error, expected) => {
  editor.errors.length = 0;
  registerCommands({ 'graft.try': async () => Promise.reject(error) });
  await editor.handlers.get('graft.try')?.({});
  expect(editor.errors).toEqual(expected);
});
