// Whose commits are forgotten, and what the confirmation says beforehand.
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../server/git/commit.ts';
import { whatForgetTakes as whatTakes } from '../../../server/learning/forgetCommits.ts';
import type { OpenedRepository } from '../../../server/lsp/capabilities.ts';
import { whatForgetTakes } from '../../../server/lsp/requests/forget.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore, promoteChain } from '../../support/sampleVersion.ts';

const authored: readonly Pick<Commit, 'id' | 'authorName' | 'authorEmail'>[] = [
  { id: 'c1', authorName: 'Ann', authorEmail: 'ann@x.org' },
  { id: 'c2', authorName: 'Joann', authorEmail: 'joann@x.org' },
  { id: 'c3', authorName: 'Ann Lee', authorEmail: 'lee@x.org' },
];

/** main has learnt c1, c2 and c3, one version each. */
async function opened(): Promise<{ opened: OpenedRepository; versions: string[] }> {
  const files = new MemoryFiles();
  const store = memoryStore(files);
  const versions = await promoteChain(store, files, ['c1', 'c2', 'c3']);
  const repository = {
    branches: async () => [{ name: 'main', head: 'c3' }, { name: 'feature', head: 'c3' }],
    log: async () => authored,
    commit: async (id: string) => authored.find((each) => each.id === id),
  };
  return { opened: { repository, store } as unknown as OpenedRepository, versions };
}

describe('an author', () => {
  it.each([
    ['ann@x.org', ['c1']],
    [' Ann@X.org ', ['c1']],
    ['ann', ['c1']],
    ['ANN LEE', ['c3']],
  ])('%j is the one of that whole address or name', async (author, commits) => {
    expect((await whatTakes((await opened()).opened, { author })).commits).toEqual(commits);
  });
  it.each(['x.org', 'nn@x.org', ''])('%j, a part of an address, is nobody', async (author) => {
    await expect(whatTakes((await opened()).opened, { author })).rejects.toMatchObject({ code: 'unknownAuthor', message: expect.stringContaining('whole e-mail address') });
  });
});

describe('the confirmation', () => {
  it('counts the commits and versions that go, and the commits that are learnt again', async () => {
    const host = await opened();
    expect(await whatForgetTakes(host, { commits: ['c2'] })).toEqual({
      text: `1 commit will never be learnt again. 2 versions that learnt from this will be deleted, pairs included. main goes back to version ${host.versions[0]}. 1 other commit of these versions will be learnt again. This cannot be undone.`,
    });
    expect((await whatForgetTakes(host, { author: 'ann@x.org' })).text).toMatch(/^1 commit .* 3 versions .* main goes back to the base model\. 2 other commits /);
  });
  it('says that no version has learnt from commits that were skipped', async () => {
    const text = 'No version has learnt from this. This cannot be undone.';
    expect((await whatForgetTakes(await opened(), { commits: ['a'.repeat(40), 'b'.repeat(40)] })).text).toBe(`2 commits will never be learnt again. ${text}`);
  });
  it('asks for something to forget', async () => {
    await expect(whatForgetTakes(await opened(), { commits: [] })).rejects.toMatchObject({ code: 'badRequest' });
  });
});
