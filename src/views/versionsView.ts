// The native tree "Versions": rows from the server, drawn again when a store or the state changes. Also keeps the context keys of welcome texts and commands.
import { EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, commands, window, type Disposable, type TreeDataProvider, type TreeView } from 'vscode';
import type { RepositoryTree } from '../../server/protocol/assistant.ts';
import type { Server } from '../connection/server.ts';
import { contextKeys } from './contextKeys.ts';
import { versionRows, type Row } from './versionRows.ts';

export function createVersionsView(server: Server): Disposable {
  const changes = new EventEmitter<void>();
  const keys = new Map<string, unknown>();
  let drawn = '';
  let known: readonly RepositoryTree[] | null = null;
  const trees = async (): Promise<readonly RepositoryTree[]> => (server.state.kind === 'running' ? server.request('tree', {}) : []);
  const setKeys = (): void => {
    for (const [key, value] of Object.entries(contextKeys(server.state, known))) {
      if (keys.get(key) === value) continue;
      keys.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  };
  const roots = async (): Promise<Row[]> => {
    try {
      known = await trees();
      view.message = '';
    } catch (error) {
      known = null;
      view.message = `The versions could not be read: ${error instanceof Error ? error.message : String(error)}`;
    }
    setKeys();
    return versionRows(known ?? []);
  };
  const provider: TreeDataProvider<Row> = {
    onDidChangeTreeData: changes.event,
    getChildren: async (row) => (row === undefined ? roots() : [...row.children]),
    getTreeItem: treeItem,
  };
  const view: TreeView<Row> = window.createTreeView('graft.versions', { treeDataProvider: provider, showCollapseAll: true });
  const listeners = [
    server.onDidChangeStore(() => changes.fire()),
    server.onDidChangeState((state) => {
      // Status arrives with every percent of progress; the tree changes with the store, the checkout, and when the server comes or goes.
      const next = state.kind === 'running' ? JSON.stringify([state.status.mode, state.status.repositories.map(({ folder, branch, version }) => [folder, branch, version])]) : state.kind;
      if (next !== drawn) {
        known = null;
        changes.fire();
      }
      drawn = next;
      setKeys();
    }),
  ];
  setKeys();
  return { dispose: () => [...listeners, view, changes].forEach((part) => part.dispose()) };
}

function treeItem(row: Row): TreeItem {
  const item = new TreeItem(row.label, { never: TreeItemCollapsibleState.None, yes: TreeItemCollapsibleState.Collapsed, no: TreeItemCollapsibleState.Expanded }[row.collapsed]);
  item.id = row.id;
  item.description = row.description;
  item.tooltip = new MarkdownString(row.tooltip, true);
  item.iconPath = new ThemeIcon(row.icon.name, row.icon.color === undefined ? undefined : new ThemeColor(row.icon.color));
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  if (row.opens === 'review') item.command = { command: 'graft.reviewCommit', title: 'Review', arguments: [row] };
  return item;
}
