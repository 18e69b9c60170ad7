// A repository taught through the built language server, from a commit to a version, its review and its undoing. The model is a tiny random
// one, which learns in seconds; what it learns is beside the point.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryEntry, RepositoryStatus, RepositoryTree } from '../../../server/protocol/assistant.ts';
import { installationRoot, LanguageClient } from '../../support/languageClient.ts';
import { teachingFiles } from '../../support/teachingCommit.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';
import { writeTinyModel } from '../../support/tinyModel.ts';

/** Most of it is the machine's other work. */
const timeout = 300_000;
const source = new TemporaryRepository();
const folder = source.path;
const model = join(source.root, 'tiny');
const settings = { model, tests: { enabled: false }, learning: { sleep: false } };
let client: LanguageClient;
let learnt: string;

beforeAll(async () => {
  writeTinyModel(model);
  source.git('config', 'user.email', 'ada@example.com');
  source.commit('Say what it is', { 'README.md': 'A registry of stamps.\n' });
  client = await LanguageClient.start({ folders: [folder], home: source.root, settings });
}, timeout);
afterAll(async () => {
  await client.stop();
  source.dispose();
}, timeout);

const status = (): RepositoryStatus | undefined => client.status?.repositories[0];
const untilServed = (version: string | null, branch = 'main'): Promise<unknown> => client.until(() => status()?.version === version && status()?.branch === branch);

async function tree(): Promise<RepositoryTree> {
  const [first] = await client.request('tree', {});
  if (!first) throw new Error('no repository');
  return first;
}

async function entries(branch = 'main'): Promise<readonly HistoryEntry[]> {
  return (await tree()).branches.find(({ name }) => name === branch)?.entries ?? [];
}

/** Asks again whenever the server says that something changed. */
async function untilFirstEntry(expected: Partial<HistoryEntry>, branch = 'main'): Promise<void> {
  for (;;) {
    const changes = client.storeChanges.length;
    const [first] = await entries(branch);
    if (first && Object.entries(expected).every(([key, value]) => first[key as keyof HistoryEntry] === value)) return;
    await client.until(({ storeChanges }) => storeChanges.length > changes);
  }
}

/** As another process moves it, without the server. */
function graft(...args: readonly string[]): void {
  execFileSync(process.execPath, [join(installationRoot, 'dist', 'cli.cjs'), ...args, '--repo', folder, '--model', model], {
    env: { PATH: process.env['PATH'], HOME: source.root, GRAFT_CACHE: join(source.root, 'cache') },
    stdio: 'pipe',
  });
}

describe('a repository under the language server', () => {
  it('says why a commit taught nothing', { timeout }, async () => {
    await client.untilReady();
    await client.until(({ log }) => log.some((line) => line.includes('allLeftOut')));
    expect(await entries()).toMatchObject([{ outcome: 'skipped', reason: 'allLeftOut', commits: [{ subject: 'Say what it is' }] }]);
  });

  it('learns a commit in the background, shows it, and swaps to the new version', { timeout }, async () => {
    source.commit('Stamp everything', teachingFiles(5));
    await client.until(() => status()?.learning.kind === 'learning' && client.storeChanges.length > 0);
    const version = await client.until(() => status()?.version);
    learnt = version;
    await client.until(({ tells }) => tells.some(({ message }) => message.includes(version)));
    await client.until(() => status()?.learning.kind === 'idle');
    expect((await entries())[0]).toMatchObject({ version, outcome: 'promoted', active: true, switchable: true, commits: [{ subject: 'Stamp everything' }] });
    expect(await client.request('ask', { folder, question: 'What is a stamp?' })).toMatchObject({ version, model: 'tiny' });
  });

  it('reviews what was learnt', { timeout }, async () => {
    const review = await client.request('review', { folder, version: learnt });
    expect(review).toMatchObject({ version: learnt, branch: 'main', active: true, verdict: { promoted: true }, commits: [{ subject: 'Stamp everything' }] });
    expect(review.pairs.length).toBeGreaterThan(3);
    expect(review.losses.length).toBeGreaterThan(0);
    expect((await client.request('log', { folder })).text).toContain(learnt);
  });

  it('follows a checkout, and a new branch starts from the version of its merge base', { timeout }, async () => {
    source.git('switch', '--quiet', '--create', 'feature');
    await untilServed(learnt, 'feature');
    await untilFirstEntry({ version: learnt, outcome: 'moved', reason: 'create', active: true }, 'feature');
    // Each branch is reviewed and moved by itself, although the version was learnt on main.
    const reviewed = async (branch?: string) => client.request('review', { folder, version: learnt, ...(branch === undefined ? {} : { branch }) });
    expect(await reviewed()).toMatchObject({ branch: 'feature', learntOn: 'main', active: true, retrain: { refused: expect.stringContaining('learnt on "main"') } });
    await client.request('reset', { folder, branch: 'feature', to: 'base' });
    expect(await reviewed('feature')).toMatchObject({ branch: 'feature', active: false });
    expect(await reviewed('main')).toMatchObject({ branch: 'main', active: true, retrain: { refused: null, waiting: false } });
    await expect(client.request('retrain', { folder, version: learnt, branch: 'feature', strike: ['x'], restore: [], edits: [] })).rejects.toThrow(/learnt on "main"/);
    source.git('switch', '--quiet', 'main');
    await untilServed(learnt);
  });

  it('follows moves of another process without a restart', { timeout }, async () => {
    graft('reset', '--to', 'base');
    await untilServed(null);
    graft('rollback', learnt);
    await untilServed(learnt);
  });

  it('says what a reset loses, resets, and switches back', { timeout }, async () => {
    const loses = await client.request('whatResetLoses', { folder, branch: 'main', to: 'base' });
    expect(loses).toMatchObject({ nothing: false, text: expect.stringContaining('1 commit') });
    await client.request('reset', { folder, branch: 'main', to: 'base' });
    await untilServed(null);
    await expect(client.request('reset', { folder, branch: 'main', to: 'base' })).rejects.toThrow(/nothing to reset/);
    await client.request('activate', { folder, branch: 'main', version: learnt, why: 'rollBack' });
    await untilServed(learnt);
  });

  it('stops retraining when the request is cancelled, and goes on serving what served', { timeout }, async () => {
    const [struck] = (await client.request('review', { folder, version: learnt })).pairs;
    const giveUp = new CancellationTokenSource();
    const retraining = client.request('retrain', { folder, version: learnt, strike: [struck?.id ?? ''], restore: [], edits: [] }, giveUp.token);
    const refused = expect(retraining).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    await client.until(() => status()?.learning.kind === 'learning');
    giveUp.cancel();
    await refused;
    await client.until(() => status()?.learning.kind === 'idle');
    expect((await tree()).branches.find(({ name }) => name === 'main')?.active).toBe(learnt);
  });

  it('retrains without a struck pair, with an answer of the user', { timeout }, async () => {
    const { pairs } = await client.request('review', { folder, version: learnt });
    const [struck, edited] = pairs;
    if (!struck || !edited) throw new Error('too few pairs');
    const answer = `${edited.answer}\n`;
    const retrained = await client.request('retrain', { folder, version: learnt, strike: [struck.id], restore: [], edits: [{ pair: edited.id, answer }] });
    expect(retrained.version).not.toBe(null);
    const review = await client.request('review', { folder, version: retrained.version ?? '' });
    expect(review.pairs.map(({ id }) => id)).not.toContain(struck.id);
    expect(review.pairs).toContainEqual(expect.objectContaining({ declaration: edited.declaration, answer }));
    if (retrained.promoted) await untilServed(retrained.version);
  });

  it('pauses and resumes', { timeout }, async () => {
    await client.request('learn', { folder, action: 'pause' });
    await client.until(() => status()?.learning.kind === 'paused');
    expect(status()?.learning).toEqual({ kind: 'paused', why: 'byUser' });
    source.commit('Say more', { 'README.md': 'A registry of stamps and receipts.\n' });
    await untilFirstEntry({ outcome: 'waiting' });
    expect((await entries())[0]?.commits).toMatchObject([{ subject: 'Say more' }]);
    await client.request('learn', { folder, action: 'resume' });
    await client.until(({ log }) => log.filter((line) => line.includes('allLeftOut')).length === 2);
  });
});
