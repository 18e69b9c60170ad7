// The extension's entry. It contributes one command for now; the language client, views and chat hang off `activate`.
import { commands, window, type ExtensionContext } from 'vscode';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    commands.registerCommand('graft.showVersions', () =>
      window.showInformationMessage('Run `graft log` in a terminal to see what was learnt, commit by commit.'),
    ),
  );
}
