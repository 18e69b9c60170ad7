// The editor's open documents, and where each one belongs: its repository, else the workspace folder or folder that it lies in.
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Files } from 'vscode-languageserver/node';
import type { CompletionDocument } from '../../completion/completionRequest.ts';
import { isWithin, pathWithin } from '../../protocol/paths.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export interface PlacedDocument extends CompletionDocument {
  /** Null: in no repository that is open. */
  readonly host: RepositoryHost | null;
}

export interface PlacingParts {
  readonly hostOf: (path: string) => RepositoryHost | null;
  readonly workspaceFolders: () => readonly string[];
}

export function placed(document: TextDocument, { hostOf, workspaceFolders }: PlacingParts): PlacedDocument {
  const { uri, version, languageId } = document;
  const text = document.getText();
  const whole = pathOf(uri);
  if (whole === null) {
    // Never saved: it has a name and no folder.
    const name = uri.slice(uri.lastIndexOf(':') + 1).replace(/^\/+/, '');
    return { uri, path: `${name}${extensions[languageId] ?? ''}`, repository: '', folder: '', text, version, languageId, host: null };
  }
  const host = hostOf(whole);
  const folder = host?.folder ?? workspaceFolders().find((each) => isWithin(whole, each)) ?? whole.replace(/[\\/][^\\/]*$/, '');
  const path = pathWithin(whole, folder) ?? whole;
  return { uri, path, repository: host?.name ?? (folder.split(/[\\/]/).at(-1) || ''), folder, text, version, languageId, host };
}

/** Null for what is no file. */
export function pathOf(uri: string): string | null {
  return uri.startsWith('file:') ? (Files.uriToFilePath(uri) ?? null) : null;
}

const extensions: Readonly<Record<string, string>> = { typescript: '.ts', typescriptreact: '.tsx', javascript: '.js', javascriptreact: '.jsx', python: '.py' };
