// Moves of a branch's active version, and what compares, exports and imports versions.
import { Uri, window } from 'vscode';
import type { Server } from '../connection/server.ts';
import type { Documents } from '../documents.ts';
import { shortVersion } from '../words/versionWords.ts';
import { activeOne, anyVersion, rejectedOnes, servable } from './choices.ts';
import { chosen, sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

/** Each resolves to what there is to say of it; whoever asked says it where the user looks. */
export interface VersionMoves {
  activate(at: { folder: string; branch: string; version: string }, why: 'keep' | 'rollBack'): Promise<{ message: string }>;
  /** Back to what served before the version: its parent, or the base model where it has none. */
  reject(at: { folder: string; branch: string; version: string }): Promise<{ message: string }>;
}

export function createVersionMoves(server: Server): VersionMoves {
  const activate: VersionMoves['activate'] = async (at, why) => server.request('activate', { ...at, why });
  return {
    activate,
    reject: async ({ folder, branch, version }) => {
      const { parent } = await server.request('review', { folder, branch, version });
      if (parent !== null) return activate({ folder, branch, version: parent }, 'rollBack');
      return server.request('reset', { folder, branch, to: 'base' });
    },
  };
}

export function versionCommands(server: Server, pick: Picker, documents: Documents, moves: VersionMoves): Record<string, Command> {
  return {
    'graft.switchVersion': async (target) => sayDone(await moves.activate(await pick.version(target, 'Switch the branch to which version?', servable), 'rollBack')),
    'graft.rollBack': async (target) => sayDone(await moves.activate(await pick.version(target, 'Roll back to which version?', servable), 'rollBack')),
    'graft.keepVersion': async (target) => sayDone(await moves.activate(await pick.version(target, 'Keep which rejected version?', rejectedOnes), 'keep')),
    'graft.rejectVersion': async (target) => sayDone(await moves.reject(await pick.version(target, 'Reject which active version?', activeOne))),
    'graft.compareVersions': async (target) => {
      const first = await pick.version(target, 'Compare which version?', anyVersion);
      const others = { ...anyVersion, admits: ({ version }: { version: string | null }) => version !== first.version, none: 'There is no other version to compare with.' };
      const second = await pick.version({ folder: first.folder }, `Compare ${shortVersion(first.version)} with which version?`, others);
      const { text } = await server.request('compare', { folder: first.folder, a: first.version, b: second.version });
      await documents.show(`Compare ${shortVersion(first.version)} with ${shortVersion(second.version)}.txt`, text);
    },
    'graft.exportVersion': async (target) => {
      const { folder, version } = await pick.version(target, 'Export which version?', anyVersion);
      const to = chosen(await window.showSaveDialog({ title: 'Export the version as a PEFT adapter folder', saveLabel: 'Export', defaultUri: Uri.file(`${folder}-${shortVersion(version)}`) }));
      sayDone(await server.request('exportVersion', { folder, version, to: to.fsPath }));
    },
    'graft.importVersion': async (target) => {
      const folder = await pick.folder(target);
      const [from] = chosen(await window.showOpenDialog({ title: 'Import a version: choose its folder', openLabel: 'Import', canSelectFiles: false, canSelectFolders: true }));
      sayDone(await server.request('importVersion', { folder, from: chosen(from).fsPath }));
    },
  };
}
