// The native tree "Versions": rows from the server, drawn again when a store or the state changes. Also keeps the context keys of welcome texts and commands.
import { EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, commands, window, type Disposable, type TreeDataProvider } from 'vscode';
import type { RepositoryTree } from '../../server/protocol/assistant.ts';
import type { Server } from '../connection/server.ts';
import { contextKeys } from './contextKeys.ts';
import { versionRows, type Row } from './versionRows.ts';

export interface VersionsView extends Disposable {
  /** What was last drawn; commands pick branches and versions from it. */
  trees(): Promise<readonly RepositoryTree[]>;
}

export function createVersionsView(server: Server): VersionsView {
  const changes = new EventEmitter<void>();
  let drawn = '';
  const trees = async (): Promise<readonly RepositoryTree[]> => (server.state.kind === 'running' ? server.request('tree', {}) : []);
  const setKeys = (known: readonly RepositoryTree[] | null): void => {
    for (const [key, value] of Object.entries(contextKeys(server.state, known))) void commands.executeCommand('setContext', key, value);
  };
  const provider: TreeDataProvider<Row> = {
    onDidChangeTreeData: changes.event,
    getChildren: async (row) => {
      if (row !== undefined) return [...row.children];
      const known = await trees();
      setKeys(known);
      return versionRows(known);
    },
    getTreeItem: treeItem,
  };
  const view = window.createTreeView('graft.versions', { treeDataProvider: provider, showCollapseAll: true });
  const listeners = [
    server.onDidChangeStore(() => changes.fire()),
    server.onDidChangeState((state) => {
      setKeys(null);
      // Status arrives with every percent of progress; the tree changes with the store, the checkout, and when the server comes or goes.
      const next = state.kind === 'running' ? JSON.stringify([state.status.mode, state.status.repositories.map(({ folder, branch, version }) => [folder, branch, version])]) : state.kind;
      if (next !== drawn) changes.fire();
      drawn = next;
    }),
  ];
  setKeys(null);
  return { trees, dispose: () => [...listeners, view, changes].forEach((part) => part.dispose()) };
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
