// Paths as the editor, git and Windows spell them, and the repositories found by them.
import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Repository } from '../../../server/git/repository.ts';
import { placed } from '../../../server/lsp/documents/openDocuments.ts';
import { Repositories } from '../../../server/lsp/repositories/repositories.ts';
import type { RepositoryHost } from '../../../server/lsp/repositories/repositoryHost.ts';
import { isWithin, pathWithin, plainPath } from '../../../server/protocol/paths.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore } from '../../support/sampleVersion.ts';

it.each([
  ['/a/b', '/a/b'],
  ['/a/b/', '/a/b'],
  ['/', '/'],
  ['/odd\\name', '/odd\\name'],
  ['C:\\a\\B', 'c:/a/B'],
  ['c:/a/B', 'c:/a/B'],
  ['C:\\', 'c:'],
  ['\\\\server\\share\\a', '//server/share/a'],
])('spells %s as %s', (path, expected) => expect(plainPath(path)).toBe(expected));

it.each<[string, string, string | null]>([
  ['/a/b', '/a', 'b'],
  ['/a', '/a', ''],
  ['/ab', '/a', null],
  ['/a/b', '/', 'a/b'],
  ['/a', '/a/b', null],
  ['/a/odd\\name', '/a', 'odd\\name'],
  ['C:\\a\\b', 'C:\\a', 'b'],
  ['c:\\a\\src\\b.ts', 'C:/a', 'src/b.ts'],
  ['C:/a', 'c:\\a\\', ''],
  ['c:\\ab', 'C:/a', null],
  ['d:\\a\\b', 'C:/a', null],
  ['c:\\a', 'C:\\', 'a'],
  ['\\\\server\\share\\a', '//server/share', 'a'],
])('%s within %s is %s', (path, folder, expected) => {
  expect(pathWithin(path, folder)).toBe(expected);
  expect(isWithin(path, folder)).toBe(expected !== null);
});

it('finds the repository of a document where git and the editor spell its folder differently', async () => {
  const opened: string[] = [];
  const repositories = new Repositories({
    files: new MemoryFiles(),
    openRepository: async (folder) => {
      opened.push(folder);
      return { repository: { workTree: 'C:/work' } as Repository, store: memoryStore() };
    },
    createHost: ({ repository }) => ({ folder: repository.workTree, name: 'work', start: async () => undefined, dispose: async () => undefined }) as unknown as RepositoryHost,
    onOpened: () => undefined,
    log: () => undefined,
  });
  await repositories.setFolders(['c:\\work']);
  const host = repositories.containing('c:\\work\\src\\a.ts');
  expect(host?.folder).toBe('C:/work');
  expect(repositories.of('c:\\work')).toBe(host);
  await repositories.noticeFile('c:\\work\\src\\a.ts');
  await repositories.setFolders(['C:\\work']);
  expect({ opened, hosts: repositories.all() }).toEqual({ opened: ['c:\\work', 'C:\\work'], hosts: [host] });
});

it('names a document by its path in the repository', () => {
  const document = TextDocument.create('file:///w/src/a.ts', 'typescript', 1, '');
  const at = (folder: string) => placed(document, { hostOf: () => null, workspaceFolders: () => [folder] });
  expect([at('/w'), at('/other')].map(({ folder, path }) => [folder, path])).toEqual([['/w', 'src/a.ts'], ['/w/src', 'a.ts']]);
});
