// Offers a merged branch's version to the branch it was merged into: once per branch and version and window, when the store or the
// checkout has moved, and never again where it was declined.
import { window, type Disposable } from 'vscode';
import type { Server } from '../connection/server.ts';
import type { DeclinedOffers } from '../declinedOffers.ts';
import { checkedOut } from './branchCommands.ts';
import { sayDone } from './command.ts';
import type { VersionMoves } from './versionCommands.ts';

export function offerMergedVersions(server: Server, moves: VersionMoves, declined: DeclinedOffers): Disposable {
  const offered = new Set<string>();
  const heads = new Map<string, string>();
  const ask = async (folder: string): Promise<void> => {
    for (const { branch, version } of await server.request('mergedBranches', { folder })) {
      const target = await checkedOut(server, folder);
      const key = [folder, target, branch, version].join('\0');
      if (offered.has(key) || declined.has(key)) continue;
      offered.add(key);
      const [take, notNow] = ['Use Its Version Here', 'Not Now'];
      const answer = await window.showInformationMessage(`Graft: "${branch}" was merged into "${target}". Use what was learnt on it?`, take, notNow);
      if (answer === notNow) declined.add(key);
      if (answer === take) sayDone(await moves.activate({ folder, branch: target, version }, 'keep'));
    }
  };
  const askQuietly = (folder: string): void => void ask(folder).catch(() => undefined);
  const listeners = [
    server.onDidChangeStore(askQuietly),
    server.onDidChangeState((state) => {
      if (state.kind !== 'running' || state.status.mode !== 'on') return;
      for (const { folder, branch } of state.status.repositories) {
        if (branch === null || heads.get(folder) === branch) continue;
        heads.set(folder, branch);
        askQuietly(folder);
      }
    }),
  ];
  return { dispose: () => listeners.forEach((listener) => listener.dispose()) };
}
