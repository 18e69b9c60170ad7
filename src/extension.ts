// The extension's entry. It contributes one command, which says where to read what was learnt.
import { commands, window, type ExtensionContext } from 'vscode';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    commands.registerCommand('graft.showVersions', () =>
      window.showInformationMessage('Run `graft log` in a terminal to see what was learnt, commit by commit.'),
    ),
  );
}
