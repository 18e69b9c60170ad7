// Asks which repository, branch, version or commit a command is about, where the row that it was called on does not say.
import { window, type QuickPickItem } from 'vscode';
import type { BranchTree, RepositoryTree } from '../../server/protocol/assistant.ts';
import type { Server } from '../connection/server.ts';
import { repositoryOf } from '../connection/serverState.ts';
import type { RowTarget } from '../views/versionRows.ts';
import { commitChoices, commitsOfRow, versionChoices, type VersionFilter } from './choices.ts';
import { chosen } from './command.ts';

export interface Picker {
  folder(target: Partial<RowTarget>): Promise<string>;
  branch(target: Partial<RowTarget>, placeHolder: string): Promise<{ folder: string; branch: BranchTree }>;
  version(target: Partial<RowTarget>, placeHolder: string, filter: VersionFilter): Promise<{ folder: string; branch: string; version: string }>;
  /** Those of the row, learnt or not; without a row, one of those that versions were made from. */
  commits(target: Partial<RowTarget>, placeHolder: string): Promise<{ folder: string; commits: readonly { id: string; subject: string }[] }>;
}

export function createPicker(server: Server): Picker {
  const folder = async (target: Partial<RowTarget>): Promise<string> => {
    if (target.folder !== undefined) return target.folder;
    const status = server.state.kind === 'running' ? server.state.status : await server.request('status', {});
    const path = window.activeTextEditor?.document.uri.fsPath ?? null;
    const { repositories } = status;
    const [only] = repositories;
    if (only === undefined) throw new Error('No git repository is open. Open a folder that is one.');
    if (repositories.length === 1) return only.folder;
    const likely = path === null ? null : repositoryOf(status, path);
    const items = repositories.map((one) => ({ label: one.folder.split(/[\\/]/).at(-1) ?? one.folder, description: one.branch ?? '', detail: one.folder, picked: one === likely }));
    return chosen(await window.showQuickPick(items, { placeHolder: 'Which repository?' })).detail;
  };
  const tree = async (target: Partial<RowTarget>): Promise<RepositoryTree> => {
    const wanted = await folder(target);
    const found = (await server.request('tree', {})).find((one) => one.folder === wanted);
    if (found === undefined) throw new Error(`${wanted} is not open any more.`);
    return found;
  };
  const choose = async <T extends QuickPickItem>(items: readonly T[], placeHolder: string, none: string): Promise<T> => {
    if (items.length === 0) throw new Error(none);
    return chosen(await window.showQuickPick([...items], { placeHolder, matchOnDescription: true, matchOnDetail: true }));
  };
  return {
    folder,
    branch: async (target, placeHolder) => {
      const { folder: at, branches } = await tree(target);
      const named = branches.find(({ name }) => name === target.branch);
      if (named !== undefined) return { folder: at, branch: named };
      const items = branches.toSorted((a, b) => Number(b.checkedOut) - Number(a.checkedOut)).map((branch) => ({ label: branch.name, description: branch.checkedOut ? 'checked out' : '', branch }));
      return { folder: at, branch: (await choose(items, placeHolder, 'No branch has learnt anything yet.')).branch };
    },
    version: async (target, placeHolder, filter) => {
      const repository = await tree(target);
      const items = versionChoices(repository, filter, target.branch ?? null);
      const { folder: at } = repository;
      const named = items.find(({ version }) => version === target.version);
      if (named !== undefined) return { folder: at, branch: named.branch, version: named.version };
      if (target.version !== undefined) throw new Error(`Version ${target.version.slice(0, 7)} cannot be used for this.`);
      const { branch, version } = await choose(items, placeHolder, filter.none);
      return { folder: at, branch, version };
    },
    commits: async (target, placeHolder) => {
      const repository = await tree(target);
      const named = commitsOfRow(repository, target);
      if (named.length > 0) return { folder: repository.folder, commits: named };
      const { id, label } = await choose(commitChoices(repository), placeHolder, 'No commit has been learnt yet.');
      return { folder: repository.folder, commits: [{ id, subject: label }] };
    },
  };
}
