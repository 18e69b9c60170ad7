// Reset of a branch, and taking over the version of a branch that was merged into this one.
import { window } from 'vscode';
import type { Server } from '../connection/server.ts';
import { shortVersion } from '../words/versionWords.ts';
import { chosen, sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';
import { resetWords } from './resetWords.ts';
import type { VersionMoves } from './versionCommands.ts';

export function branchCommands(server: Server, pick: Picker, moves: VersionMoves): Record<string, Command> {
  const resets = (to: 'parent' | 'base'): Command => async (target) => {
    const { folder, branch } = await pick.branch(target, 'Reset which branch?');
    const { text, nothing } = await server.request('whatResetLoses', { folder, branch: branch.name, to });
    if (nothing) return sayDone({ message: text });
    const { message, detail, button } = resetWords(branch.name, to, text);
    chosen(await window.showWarningMessage(message, { modal: true, detail }, button));
    sayDone(await server.request('reset', { folder, branch: branch.name, to }));
  };
  return {
    'graft.resetBranchToParent': resets('parent'),
    'graft.resetBranchToBase': resets('base'),
    'graft.adoptMergedVersion': async (target) => {
      const folder = await pick.folder(target);
      const offers = await server.request('mergedBranches', { folder });
      if (offers.length === 0) return sayDone({ message: 'No merged branch has a version that this branch lacks.' });
      const items = offers.map((offer) => ({ label: offer.branch, description: shortVersion(offer.version), version: offer.version }));
      const { version } = chosen(await window.showQuickPick(items, { placeHolder: 'Take over which merged branch\'s version?' }));
      const { branch } = await pick.branch({ folder, branch: await checkedOut(server, folder) }, 'For which branch?');
      sayDone(await moves.activate({ folder, branch: branch.name, version }, 'keep'));
    },
  };
}

/** Throws where HEAD is detached: nothing could be moved. */
export async function checkedOut(server: Server, folder: string): Promise<string> {
  const { repositories } = await server.request('status', {});
  const branch = repositories.find((repository) => repository.folder === folder)?.branch ?? null;
  if (branch === null) throw new Error('No branch is checked out. Check one out first.');
  return branch;
}
