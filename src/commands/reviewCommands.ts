// Review a commit, and retrain: the review's panel is loaded when the first one is opened.
import { ProgressLocation, window } from 'vscode';
import type { Server } from '../connection/server.ts';
import { anyVersion } from './choices.ts';
import { sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

export interface ReviewTarget {
  readonly folder: string;
  /** Of the row that was chosen: the review's buttons act on it. Without a row the server says which branch is meant. */
  readonly branch: string | undefined;
  readonly version: string;
}

export function reviewCommands(server: Server, pick: Picker, openReview: (at: ReviewTarget) => Promise<void>): Record<string, Command> {
  return {
    'graft.reviewCommit': async (target) => {
      const { folder, version } = await pick.version(target, 'Review which version, or commit?', anyVersion);
      await openReview({ folder, version, branch: target.branch });
    },
    'graft.retrain': async (target) => {
      const { folder, version } = await pick.version(target, 'Retrain which version, without the struck pairs?', anyVersion);
      const retrained = await window.withProgress({ location: ProgressLocation.Notification, title: 'Graft: retraining', cancellable: true }, (_, token) =>
        server.request('retrain', { folder, version, branch: target.branch, strike: [], restore: [], edits: [] }, token),
      );
      sayDone(retrained);
    },
  };
}
