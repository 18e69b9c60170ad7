// The built language server as an editor starts it, with the bundled model: completions, trust, and processes that die.
import { fork } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { childrenOf, isAlive, LanguageClient, type ClientOptions } from '../../support/languageClient.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';

/** Most of it is the machine's other work. */
const timeout = 240_000;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Nothing is learnt unless a test asks for it. */
const quiet = { learning: { schedule: 'manual' }, completion: { minimumConfidence: 0 } };

function repositoryWithCode(): TemporaryRepository {
  const source = new TemporaryRepository();
  cleanUps.push(() => source.dispose());
  source.git('config', 'user.email', 'ada@example.com');
  source.commit('Start', { 'src/shapes.ts': code });
  return source;
}

async function started(options: ClientOptions): Promise<LanguageClient> {
  const client = await LanguageClient.start(options);
  cleanUps.push(() => client.stop());
  return client;
}

const code = ['Square', 'Circle', 'Triangle', 'Ellipse']
  .map((name) => `export function measure${name}(shape: ${name}): number {\n  const measured = shape.outerWidth * shape.outerHeight;\n  return roundToUnit(measured);\n}\n`)
  .join('\n');
const typed = `${code}\nexport function measurePolygon(shape: Polygon): number {\n  const measured = shape.outerWidth`;

async function suggests(client: LanguageClient, source: TemporaryRepository): Promise<string | undefined> {
  const path = join(source.path, 'src/more.ts');
  await client.open(path, typed);
  return (await client.complete(path, typed))[0]?.insertText;
}

describe('the language server', () => {
  it('completes with the base model, explains itself, and answers what it is asked', { timeout }, async () => {
    const source = repositoryWithCode();
    const client = await started({ folders: [source.path], home: source.root, settings: quiet });
    expect(await client.untilReady()).toMatchObject({ mode: 'on', model: { kind: 'ready', name: 'starter' } });
    expect(await suggests(client, source)).toMatch(/shape\.outerHeight/);
    const [repository] = await client.until(({ status }) => status?.repositories.length === 1 && status.repositories);
    expect(repository).toMatchObject({ folder: source.path, branch: 'main', version: null });
    const [tree] = await client.request('tree', {});
    expect(tree?.branches).toMatchObject([{ name: 'main', checkedOut: true, active: null, entries: [{ outcome: 'waiting', commits: [{ subject: 'Start' }] }] }]);
    expect(await client.request('models', {})).toContainEqual(expect.objectContaining({ name: 'starter', installed: true, active: true }));
    expect((await client.request('ask', { folder: source.path, question: 'What does measureSquare do?' })).model).toBe('starter');
    await expect(client.request('review', { folder: source.path, version: '0123456789abcdef' })).rejects.toThrow(/no version/);
    await expect(client.request('review', {} as never)).rejects.toThrow(/does not fit/);
  });

  it('in an untrusted workspace completes only: no git, no store, no learner, until trust is granted', { timeout }, async () => {
    const source = repositoryWithCode();
    const calls = join(source.root, 'git-calls');
    const client = await started({ folders: [source.path], home: source.root, trusted: false, settings: quiet, searchPath: loggingGit(source.root, calls) });
    expect(await client.untilReady()).toMatchObject({ mode: 'untrusted', repositories: [] });
    expect(await suggests(client, source)).toMatch(/shape\.outerHeight/);
    await expect(client.request('learn', { folder: source.path, action: 'now' })).rejects.toThrow(/not trusted/);
    expect((await client.request('doctor', { folder: source.path })).text).toContain('not trusted');
    expect(existsSync(calls)).toBe(false);
    expect(existsSync(join(source.path, '.git', 'graft'))).toBe(false);
    expect(client.engines()).toHaveLength(1);

    await client.notify('trustGranted', {});
    await client.until(({ status }) => status?.mode === 'on' && status.repositories.length === 1);
    expect(readFileSync(calls, 'utf8')).not.toBe('');
  });

  it('opens one repository per root, and those inside a root with their first document', { timeout }, async () => {
    const [first, second] = [repositoryWithCode(), repositoryWithCode()];
    const plain = join(first.root, 'plain');
    const inner = join(second.path, 'packages', 'inner');
    mkdirSync(plain);
    mkdirSync(inner, { recursive: true });
    second.gitIn(inner, 'init', '--quiet', '--initial-branch=trunk');
    const client = await started({ folders: [first.path, join(second.path, 'src'), plain], home: first.root, settings: quiet });
    const folders = (): (string | null)[][] => (client.status?.repositories ?? []).map(({ folder, branch }) => [folder, branch]).sort();
    await client.until(() => folders().length === 2 && folders().every(([, branch]) => branch !== null));
    expect(folders()).toEqual([[first.path, 'main'], [second.path, 'main']].sort());
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { graft: quiet } });
    await client.open(join(second.path, 'packages', 'inner', 'a.ts'), code);
    await client.open(join(second.path, 'src', 'nested.ts'), code);
    expect(folders()).toHaveLength(2);
    const wide = await started({ folders: [second.path], home: first.root, settings: quiet });
    await wide.open(join(inner, 'a.ts'), code);
    await wide.until(({ status }) => status?.repositories.some(({ folder, branch }) => folder === inner && branch === 'trunk'));
  });

  it('says that the engine was killed, and completes again', { timeout }, async () => {
    const source = repositoryWithCode();
    const client = await started({ folders: [source.path], home: source.root, settings: quiet });
    await client.untilReady();
    const [engine = -1] = client.engines();
    process.kill(engine, 'SIGKILL');
    await client.until(({ tells }) => tells.some(({ message }) => message.includes('started again')));
    await client.untilReady();
    expect(await suggests(client, source)).toMatch(/shape\.outerHeight/);
    expect(client.children()).not.toContain(engine);
  });

  it('off means off: the processes end, and begin again when it is turned on', { timeout }, async () => {
    const source = repositoryWithCode();
    const client = await started({ folders: [source.path], home: source.root, settings: quiet });
    await client.untilReady();
    const engines = client.engines();
    expect(engines).toHaveLength(1);
    await client.configure({ ...quiet, enabled: false });
    await client.until(({ status }) => status?.mode === 'off' && status.model.kind === 'none' && status.repositories.length === 0);
    await gone(engines);
    // A git that had begun may still end.
    await gone(client.children());
    expect(client.children()).toEqual([]);
    expect(await suggests(client, source)).toBe(undefined);
    await client.configure(quiet);
    expect(await client.untilReady()).toMatchObject({ mode: 'on' });
  });

  it('ends with the editor, however that ends, and so does its engine', { timeout }, async () => {
    const source = repositoryWithCode();
    const editor = fork(fileURLToPath(new URL('../../support/forkServerAndWait.ts', import.meta.url)), [source.path, source.root], { execArgv: ['--import', 'tsx'] });
    const pids = await new Promise<number[]>((resolve) => editor.once('message', (message) => resolve(message as number[])));
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    editor.kill('SIGKILL');
    await gone(pids);
  });

  it('ends its processes when the editor asks', { timeout }, async () => {
    const source = repositoryWithCode();
    const client = await LanguageClient.start({ folders: [source.path], home: source.root, settings: quiet });
    await client.untilReady();
    const pids = client.children();
    await client.stop();
    await gone(pids);
    expect(childrenOf(client.server.pid ?? -1)).toEqual([]);
  });
});

async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A PATH whose git writes down that it was called. */
function loggingGit(root: string, calls: string): string {
  const folder = join(root, 'bin');
  mkdirSync(folder);
  const path = process.env['PATH'] ?? '';
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "$@" >> '${calls}'\nPATH='${path}' exec git "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return `${folder}:${path}`;
}
