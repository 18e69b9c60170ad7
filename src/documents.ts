// Texts that commands show: read-only documents of the scheme `graft`, so that closing one asks nothing. Each name has one document, replaced when shown again.
import { EventEmitter, Uri, window, workspace, type Disposable } from 'vscode';

export interface Documents extends Disposable {
  /** `name` with its extension is the tab's title and decides the highlighting. */
  show(name: string, text: string): Promise<void>;
}

export function createDocuments(): Documents {
  const texts = new Map<string, string>();
  const changes = new EventEmitter<Uri>();
  const provider = workspace.registerTextDocumentContentProvider('graft', {
    onDidChange: changes.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? 'This text is not kept. Run the command again.',
  });
  return {
    show: async (name, text) => {
      const uri = Uri.from({ scheme: 'graft', path: `/${name}` });
      texts.set(uri.path, text);
      changes.fire(uri);
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
    },
    dispose: () => [provider, changes].forEach((part) => part.dispose()),
  };
}
