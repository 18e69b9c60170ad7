// A command: what it is given (a row of the tree, a target, or nothing from the palette) and what the user sees when it fails.
import { commands, window, type Disposable } from 'vscode';
import { isCancelled } from '../connection/cancelled.ts';
import type { RowTarget } from '../views/versionRows.ts';

export type Command = (target: Partial<RowTarget>) => Promise<void>;

/** The user closed a picker or a dialog: nothing happens, and nothing is said. */
export class Dismissed extends Error {
  readonly code = 'dismissed';
}

/** What a picker returns, or `Dismissed`. */
export function chosen<T>(value: T | undefined): T {
  if (value === undefined) throw new Dismissed();
  return value;
}

export function registerCommands(all: Readonly<Record<string, Command>>): Disposable {
  const registered = Object.entries(all).map(([id, command]) => commands.registerCommand(id, (argument: unknown) => run(command, targetOf(argument))));
  return { dispose: () => registered.forEach((one) => one.dispose()) };
}

/** The border of commands: every failure becomes one message. */
async function run(command: Command, target: Partial<RowTarget>): Promise<void> {
  try {
    await command(target);
  } catch (error) {
    if (error instanceof Dismissed || isCancelled(error)) return;
    void window.showErrorMessage(`Graft: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Menus of the tree hand over a row, keybindings and tests a target, the palette nothing. */
export function targetOf(argument: unknown): Partial<RowTarget> {
  if (typeof argument !== 'object' || argument === null) return {};
  const source: object = 'target' in argument && typeof argument.target === 'object' && argument.target !== null ? argument.target : argument;
  const texts = Object.entries(source).filter(([key, value]) => ['folder', 'branch', 'version', 'commit'].includes(key) && typeof value === 'string');
  const lists = Object.entries(source).filter(([key, value]) => key === 'commits' && Array.isArray(value) && value.every((each) => typeof each === 'string'));
  return Object.fromEntries([...texts, ...lists]);
}

/** The one line that a finished request says. */
export function sayDone({ message }: { readonly message: string }): void {
  void window.showInformationMessage(`Graft: ${message}`);
}
