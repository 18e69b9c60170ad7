// Listens to VS Code's own git extension where it is there: it may see a commit or checkout before the server's watcher does.
// Only the part of its API that is used is declared; an extension that is absent, disabled or different is simply not listened to.
import { extensions, type Disposable, type Event, type Uri } from 'vscode';
import type { Server } from './server.ts';

interface GitRepository {
  readonly rootUri: Uri;
  readonly state: { readonly onDidChange: Event<void>; readonly HEAD?: { readonly name?: string; readonly commit?: string } };
}

interface GitExtension {
  getAPI(version: 1): { readonly repositories: readonly GitRepository[]; readonly onDidOpenRepository: Event<GitRepository> };
}

/** While the server learns from repositories, and only then: off and untrusted mean that nothing is listened to. */
export function followGit(server: Server): Disposable {
  let listening: Disposable | null = null;
  const stop = (): void => {
    listening?.dispose();
    listening = null;
  };
  const states = server.onDidChangeState((state) => {
    if (state.kind === 'running' && state.status.mode === 'on') listening ??= listenToGit((folder) => server.notify('repositoryMoved', { folder }));
    else if (state.kind !== 'recovering') stop();
  });
  return {
    dispose: () => {
      states.dispose();
      stop();
    },
  };
}

function listenToGit(moved: (folder: string) => void): Disposable {
  const listeners: Disposable[] = [];
  let disposed = false;
  const follow = (repository: GitRepository): void => {
    let head = headOf(repository);
    listeners.push(
      repository.state.onDidChange(() => {
        // It also tells of every saved file: only a HEAD that moved matters.
        if (head === (head = headOf(repository))) return;
        moved(repository.rootUri.fsPath);
      }),
    );
  };
  const start = async (): Promise<void> => {
    const extension = extensions.getExtension<GitExtension>('vscode.git');
    const git = (await extension?.activate())?.getAPI(1);
    if (git === undefined || disposed) return;
    git.repositories.forEach(follow);
    listeners.push(git.onDidOpenRepository(follow));
  };
  void start().catch(() => undefined);
  return {
    dispose: () => {
      disposed = true;
      listeners.forEach((listener) => listener.dispose());
    },
  };
}

function headOf({ state }: GitRepository): string {
  return `${state.HEAD?.name ?? ''} ${state.HEAD?.commit ?? ''}`;
}
