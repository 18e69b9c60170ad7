// The status bar item: draws `statusText` for the file in the active editor.
import { MarkdownString, StatusBarAlignment, ThemeColor, window, type Disposable } from 'vscode';
import type { Server } from '../connection/server.ts';
import { statusText } from './statusText.ts';

export function createStatusBar(server: Server): Disposable {
  const item = window.createStatusBarItem('graft.status', StatusBarAlignment.Right, 100);
  item.name = 'Graft';
  item.command = 'graft.showMenu';
  const draw = (): void => {
    const { text, tooltip, spoken, severity } = statusText(server.state, window.activeTextEditor?.document.uri.fsPath ?? null);
    item.text = text;
    item.tooltip = new MarkdownString(tooltip, true);
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.backgroundColor = severity === 'none' ? undefined : new ThemeColor(`statusBarItem.${severity}Background`);
  };
  const listeners = [server.onDidChangeState(draw), window.onDidChangeActiveTextEditor(draw)];
  draw();
  item.show();
  return { dispose: () => [...listeners, item].forEach((part) => part.dispose()) };
}
